"""What the columns of address books are called: by program, and by the language it speaks.

Outlook and Thunderbird translate the headers of the tables that they export; Google does not.
Signs and case do not matter (`exchange.tables`). Of several names the first in a table counts.

May import: exchange.tables.
"""

from __future__ import annotations

from projectdesk.exchange.tables import Column


def _column(name: str, *aliases: str) -> Column:
    """Return a column; each alias may hold several headers with "|" between them."""
    return Column(name, tuple(alias for group in aliases for alias in group.split("|")))


COLUMNS = (
    _column(
        "Given name",
        "First name|First|Vorname|Prénom|Nombre|Nome|Imię|Fornavn|Förnamn|Voornaam",
        "Nome próprio|Primeiro nome|Etunimi|Křestní jméno|Jméno|Utónév",
    ),
    _column(
        "Middle name",
        "Additional name|Middle names|Middle|Weitere Vornamen|Zweiter Vorname",
        "Deuxième prénom|Segundo nombre|Secondo nome|Drugie imię|Mellemnavn|Mellannamn",
    ),
    _column(
        "Family name",
        "Last name|Surname|Last|Nachname|Familienname|Nom de famille|Nom|Apellidos|Apellido",
        "Cognome|Nazwisko|Efternavn|Etternavn|Efternamn|Achternaam|Sobrenome|Apelido",
        "Sukunimi|Příjmení|Vezetéknév",
    ),
    _column(
        "Name",
        "Full name|Display name|File as|Contact|Person",
        "Anzeigename|Vollständiger Name|Nom à afficher|Nom complet|Nombre para mostrar",
        "Nombre completo|Nome visualizzato|Nome completo|Imię i nazwisko",
        "Nazwa wyświetlana|Vist navn|Navn|Visningsnavn|Namn|Naam|Weergavenaam",
    ),
    _column(
        "E-mail",
        "E-mail address|Email|Primary email|E-mail 1 - Value|Mail|Email address|E-mail 1 Address",
        "E-Mail-Adresse|Primäre E-Mail-Adresse|E-Mail 1 Adresse|Mailadresse",
        "Adresse de messagerie|Adresse e-mail|Adresse électronique|Courriel",
        "Première adresse électronique|Adresse électronique principale",
        "Dirección de correo electrónico|Dirección del correo electrónico|Correo electrónico",
        "Correo|Indirizzo posta elettronica|Indirizzo di posta elettronica|Indirizzo e-mail",
        "Posta elettronica|Email primaria|Adres e-mail|Adres poczty elektronicznej",
        "Podstawowy adres e-mail|E-mailadresse|E-postadress|E-postadresse|E-post|E-mailadres",
        "Endereço de email|Endereço de correio eletrónico|Sähköpostiosoite|Sähköposti",
        "E-mailová adresa|E-mail cím",
    ),
    _column(
        "E-mail 2",
        "E-mail 2 address|Secondary email|E-mail 2 - Value",
        "E-Mail 2: Adresse|E-Mail-Adresse 2|Sekundäre E-Mail-Adresse|Zweite E-Mail-Adresse",
        "Adresse de messagerie 2|Adresse e-mail 2|Adresse électronique secondaire",
        "Dirección de correo electrónico 2|Dirección del correo electrónico 2",
        "Indirizzo posta elettronica 2|Indirizzo di posta elettronica 2|Email secondaria",
        "Adres e-mail 2|Dodatkowy adres e-mail|E-mail 2-adresse|E-mailadresse 2",
        "E-postadress 2|E-postadresse 2|E-mailadres 2|Endereço de email 2",
    ),
    _column(
        "E-mail 3",
        "E-mail 3 address|E-mail 3 - Value|E-Mail 3: Adresse|E-Mail-Adresse 3",
        "Adresse de messagerie 3|Adresse e-mail 3|Dirección de correo electrónico 3",
        "Dirección del correo electrónico 3|Indirizzo posta elettronica 3",
        "Indirizzo di posta elettronica 3|Adres e-mail 3|E-mail 3-adresse|E-mailadresse 3",
        "E-postadress 3|E-postadresse 3|E-mailadres 3|Endereço de email 3",
    ),
    _column(
        "Phone",
        "Business phone|Work phone|Phone 1 - Value|Telephone|Tel|Phone number",
        "Telefon geschäftlich|Telefon (geschäftlich)|Tel. dienstlich|Telefon dienstlich",
        "Telefon Firma|Telefon|Telefonnummer|Téléphone (bureau)|Tél. professionnel",
        "Téléphone professionnel|Téléphone|Teléfono del trabajo|Teléfono (trabajo)|Teléfono",
        "Telefono (uff.)|Telefono ufficio|Telefono (ufficio)|Telefono|Telefon służbowy",
        "Telefon (arbejde)|Arbejdstelefon|Telefon, arbete|Telefon arbete|Telefoon op werk",
        "Telefoon|Telefone comercial|Telefone",
    ),
    _column(
        "Mobile phone",
        "Mobile|Mobile number|Phone 2 - Value|Cell|Mobiltelefon|Mobil-Tel.-Nr.|Mobil|Handy",
        "Mobilnummer|Tél. mobile|Téléphone mobile|Portable|Teléfono móvil|Móvil",
        "Telefono cellulare|Cellulare|Telefon komórkowy|Mobiele telefoon|Telemóvel|Celular",
    ),
    _column(
        "Organisation",
        "Organization|Company|Organization 1 - Name|Organization Name|Partner|Institution",
        "Firma|Unternehmen|Einrichtung|Société|Entreprise|Organización|Empresa|Compañía",
        "Società|Azienda|Organizzazione|Ente|Organizacja|Instytucja|Virksomhed|Företag",
        "Bedrijf|Organisatie|Organização|Établissement",
    ),
    _column(
        "Function",
        "Job title|Organization 1 - Title|Organization Title|Role|Position|Title",
        "Funktion|Berufsbezeichnung|Arbeitstitel|Fonction|Profession / Fonction|Poste|Titre1",
        "Profession",
        "Puesto|Cargo|Posizione|Qualifica|Funzione|Mansione|Stanowisko|Stilling|Befattning",
        "Functie|Jobtitel",
    ),
    _column("Time zone", "Zone|Timezone|Zeitzone|Fuseau horaire|Zona horaria|Fuso orario|Tidszone"),
    _column("Languages", "Language|Sprache|Langue|Idioma|Lingua|Język|Sprog|Språk|Taal"),
)
