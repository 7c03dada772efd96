/**
 * Which browser and system this is: only to say in its own words how to mend something. What the
 * page does never depends on it; what a browser can do is asked of the browser.
 *
 * @typedef {"chrome" | "edge" | "firefox" | "safari" | "android" | "ios" | "desktop" | "other"} Browser
 * @typedef {"windows" | "macos" | "linux" | "android" | "ios"} System
 */

/**
 * Return whose settings hold the permission of this page.
 *
 * @param {string} agent `navigator.userAgent`
 * @param {number} [touchPoints] `navigator.maxTouchPoints`: Safari on an iPad calls itself a Mac
 * @returns {Browser}
 */
export function browserKind(agent, touchPoints = 0) {
  if (agent.includes("QtWebEngine")) {
    return "desktop";
  }
  const system = systemKind(agent, touchPoints);
  if (system === "ios") {
    return "ios";
  }
  if (agent.includes("Firefox")) {
    return "firefox";
  }
  if (system === "android") {
    return "android";
  }
  if (agent.includes("Edg/")) {
    return "edge";
  }
  if (/Chrom(e|ium)\//u.test(agent)) {
    return "chrome";
  }
  return agent.includes("Safari") ? "safari" : "other";
}

/**
 * Return the system, whose own privacy settings may block a device for every page.
 *
 * @param {string} agent `navigator.userAgent`
 * @param {number} [touchPoints] `navigator.maxTouchPoints`
 * @returns {System}
 */
export function systemKind(agent, touchPoints = 0) {
  if (/iPhone|iPad|iPod/u.test(agent) || (agent.includes("Macintosh") && touchPoints > 1)) {
    return "ios";
  }
  if (agent.includes("Android")) {
    return "android";
  }
  if (agent.includes("Windows")) {
    return "windows";
  }
  return agent.includes("Macintosh") ? "macos" : "linux";
}
