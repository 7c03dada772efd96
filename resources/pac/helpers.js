// What a PAC file may call: Netscape's functions (1996) and Microsoft's for IPv6.
// `system` has what needs the network: resolve(host) and own(), texts with ";" between addresses.
// All in one function: names of a script of others must not meet ours.
(function (global, system) {
  "use strict";

  const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
  const MONTHS = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ];

  function alert() {}

  function isPlainHostName(host) {
    return !host.includes(".") && !host.includes(":");
  }

  function dnsDomainIs(host, domain) {
    return host.toLowerCase().endsWith(domain.toLowerCase());
  }

  function localHostOrDomainIs(host, hostdom) {
    const [name, whole] = [host.toLowerCase(), hostdom.toLowerCase()];
    return name === whole || (!name.includes(".") && whole.startsWith(`${name}.`));
  }

  function dnsDomainLevels(host) {
    return host.split(".").length - 1;
  }

  function dnsResolve(host) {
    return system.resolve(host).split(";").find((one) => one && !one.includes(":")) || null;
  }

  function isResolvable(host) {
    return dnsResolve(host) !== null;
  }

  function dnsResolveEx(host) {
    return system.resolve(host);
  }

  function isResolvableEx(host) {
    return dnsResolveEx(host) !== "";
  }

  function myIpAddress() {
    return system.own().split(";").find((one) => one && !one.includes(":")) || "127.0.0.1";
  }

  function myIpAddressEx() {
    return system.own();
  }

  function convert_addr(address) {
    const parts = String(address).split(".").map(Number);
    const wrong = parts.length !== 4 || parts.some((one) => !(one >= 0 && one <= 255));
    return wrong ? 0 : ((parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3]) >>> 0;
  }

  function isInNet(host, pattern, mask) {
    const literal = /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
    const address = literal ? host : dnsResolve(host);
    if (address === null) {
      return false;
    }
    const bits = convert_addr(mask);
    return ((convert_addr(address) & bits) >>> 0) === ((convert_addr(pattern) & bits) >>> 0);
  }

  function isInNetEx(address, prefix) {
    return system.within(address, prefix);
  }

  function sortIpAddressList(list) {
    return system.sorted(list);
  }

  function getClientVersion() {
    return "1.0";
  }

  function shExpMatch(text, pattern) {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    const expression = escaped.replace(/\*/g, "[^]*").replace(/\?/g, "[^]");
    return new RegExp(`^${expression}$`).test(text);
  }

  // Without "GMT" as last argument, times are those of this computer.
  function moment(args) {
    const now = new Date(system.now());
    const gmt = args[args.length - 1] === "GMT";
    return {
      values: gmt ? args.slice(0, -1) : args,
      weekday: gmt ? now.getUTCDay() : now.getDay(),
      day: gmt ? now.getUTCDate() : now.getDate(),
      month: gmt ? now.getUTCMonth() : now.getMonth(),
      year: gmt ? now.getUTCFullYear() : now.getFullYear(),
      seconds: gmt
        ? now.getUTCHours() * 3600 + now.getUTCMinutes() * 60 + now.getUTCSeconds()
        : now.getHours() * 3600 + now.getMinutes() * 60 + now.getSeconds(),
    };
  }

  // A range whose end lies before its begin goes round: FRI to MON, 22 to 6.
  function between(low, value, high) {
    return low <= high ? low <= value && value <= high : value >= low || value <= high;
  }

  function weekdayRange(...args) {
    const { values, weekday } = moment(args);
    const first = WEEKDAYS.indexOf(values[0]);
    const last = values.length > 1 ? WEEKDAYS.indexOf(values[1]) : first;
    return first >= 0 && last >= 0 && between(first, weekday, last);
  }

  function timeRange(...args) {
    const { values, seconds } = moment(args);
    const numbers = values.map(Number);
    const at = (hour, minute = 0, second = 0) => hour * 3600 + minute * 60 + second;
    if (numbers.length === 1) {
      return Math.floor(seconds / 3600) === numbers[0];
    }
    if (numbers.length === 2) {
      return between(at(numbers[0]), seconds, at(numbers[1]) - 1);
    }
    const half = numbers.length / 2;
    const last = at(...numbers.slice(half));
    return between(at(...numbers.slice(0, half)), seconds, half === 2 ? last - 1 : last);
  }

  function dateRange(...args) {
    const { values, day, month, year } = moment(args);
    const kinds = values.map((one) => {
      if (typeof one === "string" && MONTHS.includes(one)) {
        return "month";
      }
      return Number(one) > 31 ? "year" : "day";
    });
    const number = (index) =>
      kinds[index] === "month" ? MONTHS.indexOf(values[index]) : Number(values[index]);
    const today = { day, month, year };
    if (values.length === 1) {
      return today[kinds[0]] === number(0);
    }
    // Two halves of the same shape, or one whole date.
    const half = values.length === 3 ? 3 : values.length / 2;
    const order = ["year", "month", "day"].filter((kind) => kinds.slice(0, half).includes(kind));
    const value = (begin) =>
      order.reduce((sum, kind) => {
        const index = kinds.indexOf(kind, begin);
        return sum * 10000 + number(index);
      }, 0);
    const now = order.reduce((sum, kind) => sum * 10000 + today[kind], 0);
    return values.length === 3 ? value(0) === now : between(value(0), now, value(half));
  }

  Object.assign(global, {
    alert,
    isPlainHostName,
    dnsDomainIs,
    localHostOrDomainIs,
    dnsDomainLevels,
    dnsResolve,
    isResolvable,
    dnsResolveEx,
    isResolvableEx,
    myIpAddress,
    myIpAddressEx,
    convert_addr,
    isInNet,
    isInNetEx,
    sortIpAddressList,
    getClientVersion,
    shExpMatch,
    weekdayRange,
    timeRange,
    dateRange,
  });
})(this, this.system);
delete this.system;
