/**
 * Names of months and days of the week in every language, each with the short one first. Made of
 * the catalogues of rules by `python -m tools.day_names`: change them there.
 */

/** @type {Readonly<Record<string, string>>} parted by | and blanks */
export const MONTHS = {
  en: "Jan January|Feb February|Mar March|Apr April|May|Jun June|Jul July|Aug August|Sep Sept September|Oct October|Nov November|Dec December",
  ar: "يناير|فبراير شباط|مارس آذار|أبريل نيسان|مايو أيار|يونيو حزيران|يوليو تموز|أغسطس آب|سبتمبر أيلول|أكتوبر|نوفمبر|ديسمبر",
  da: "jan januar|feb februar|mar marts|apr april|maj|jun juni|jul juli|aug august|sep september sept|okt oktober|nov november|dec december",
  de: "Jan Januar Jänner Jän|Feb Februar Feber|März Mär Mrz Maerz|Apr April|Mai|Juni Jun|Juli Jul|Aug August|Sept September Sep|Okt Oktober|Nov November|Dez Dezember",
  es: "ene enero|feb febrero|mar marzo|abr abril|may mayo|jun junio|jul julio|ago agosto|sept septiembre setiembre sep|oct octubre|nov noviembre|dic diciembre",
  fr: "janv janvier jan|févr février fév|mars mar|avr avril|mai|juin|juil juillet|août|sept septembre|oct octobre|nov novembre|déc décembre",
  it: "gen gennaio|feb febbraio|mar marzo|apr aprile|mag maggio|giu giugno|lug luglio|ago agosto|set settembre sett|ott ottobre|nov novembre|dic dicembre",
  pl: "sty stycznia styczeń|lut lutego luty|mar marca marzec|kwi kwietnia kwiecień|maj maja|cze czerwca czerwiec|lip lipca lipiec|sie sierpnia sierpień|wrz września wrzesień|paź października październik|lis listopada listopad|gru grudnia grudzień",
};

/** @type {Readonly<Record<string, string>>} parted by | and blanks */
export const DAYS = {
  en: "Mon Monday|Tue Tues Tuesday|Wed Wednesday|Thu Thur Thurs Thursday|Fri Friday|Sat Saturday|Sun Sunday",
  ar: "الاثنين اثنين|الثلاثاء ثلاثاء|الأربعاء أربعاء|الخميس خميس|الجمعة جمعة|السبت سبت|الأحد أحد",
  da: "man mandag|tirs tirsdag tir|ons onsdag|tors torsdag tor|fre fredag|lør lørdag|søn søndag",
  de: "Mo Montag|Di Dienstag|Mi Mittwoch|Do Donnerstag|Fr Freitag|Sa Samstag Sonnabend|So Sonntag",
  es: "lun lunes|mar martes|mié miércoles|jue jueves|vie viernes|sáb sábado|dom domingo",
  fr: "lun lundi|mar mardi|mer mercredi|jeu jeudi|ven vendredi|sam samedi|dim dimanche",
  it: "lun lunedì|mar martedì|mer mercoledì|gio giovedì|ven venerdì|sab sabato|dom domenica",
  pl: "pon poniedziałek pn|wt wtorek wto|śr środa śro|czw czwartek|pt piątek pią|sob sobota|niedz niedziela nd",
};
