/**
 * Why a camera or microphone was not given, and noticing that the person mended it.
 *
 * @typedef {"denied" | "dismissed" | "system" | "missing" | "busy" | "unsupported" | "failed"} Fault
 *   denied: by this page's permission; dismissed: the question was closed; system: the browser may,
 *   but the system's privacy settings do not let it
 */

/**
 * Return what a getUserMedia error means for a person.
 *
 * @param {unknown} error
 * @param {PermissionState | ""} [permission] of this page for the device; "" where the browser does not say
 * @returns {Fault}
 */
export function faultOf(error, permission = "") {
  const { name = "", message = "" } = error instanceof Error || error instanceof DOMException ? error : {};
  switch (name) {
    case "NotAllowedError":
      // Chromium tells the three apart in the message; elsewhere a page that may, and yet does not
      // get the device, is stopped by the system.
      if (/system/iu.test(message) || permission === "granted") {
        return "system";
      }
      return /dismiss/iu.test(message) ? "dismissed" : "denied";
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

/**
 * Ask what this page may do.
 *
 * @param {"audio" | "video"} source
 * @returns {Promise<PermissionStatus | null>} null where the browser does not say
 */
export async function permissionFor(source) {
  const name = /** @type {PermissionName} */ (source === "audio" ? "microphone" : "camera");
  try {
    return (await navigator.permissions?.query({ name })) ?? null;
  } catch {
    return null;
  }
}

/**
 * Call back when the person allows camera or microphone in the browser's own settings.
 *
 * @param {(source: "audio" | "video") => void} granted
 */
export async function watchPermissions(granted) {
  for (const source of /** @type {const} */ (["audio", "video"])) {
    const status = await permissionFor(source);
    status?.addEventListener("change", () => {
      if (status.state === "granted") {
        granted(source);
      }
    });
  }
}
