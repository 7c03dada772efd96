/**
 * The devices of this computer as they come and go: what was plugged in, what was pulled out, and
 * what to do about it.
 *
 * @typedef {"camera" | "microphone" | "speaker"} DeviceKind
 *
 * @typedef {object} Devices
 * @property {MediaDeviceInfo[]} cameras
 * @property {MediaDeviceInfo[]} microphones
 * @property {MediaDeviceInfo[]} speakers
 *
 * @typedef {object} DeviceNote something that happened to a device
 * @property {DeviceKind} kind
 * @property {"switched" | "gone" | "back" | "plugged"} what switched: another one is used instead of
 *   the one that went; gone: and there is no other (there is always a loudspeaker); back: the chosen one is used again; plugged: a new one that is not used
 * @property {string} device id of the one that is, or could be, used
 * @property {string} label of it, "" if unknown
 * @property {string} before label of the one that went
 */

/**
 * List the devices; their labels are empty until one was allowed.
 *
 * @returns {Promise<Devices>}
 */
export async function listDevices() {
  return byKind((await everyDevice()).filter((device) => device.deviceId !== ""));
}

async function everyDevice() {
  return (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
}

/**
 * @param {MediaDeviceInfo[]} all
 * @returns {Devices}
 */
function byKind(all) {
  return {
    microphones: all.filter((device) => device.kind === "audioinput"),
    cameras: all.filter((device) => device.kind === "videoinput"),
    speakers: all.filter((device) => device.kind === "audiooutput"),
  };
}

/**
 * Return what came and what went. The entries "default" and "communications" of Chromium stand for
 * other entries and do not count.
 *
 * @param {ReadonlyArray<MediaDeviceInfo>} before
 * @param {ReadonlyArray<MediaDeviceInfo>} after
 * @returns {{came: MediaDeviceInfo[], went: MediaDeviceInfo[]}}
 */
export function deviceChanges(before, after) {
  const real = (/** @type {ReadonlyArray<MediaDeviceInfo>} */ list) =>
    list.filter(({ deviceId }) => deviceId !== "default" && deviceId !== "communications");
  const ids = (/** @type {ReadonlyArray<MediaDeviceInfo>} */ list) => new Set(list.map((device) => device.deviceId));
  const [old, now] = [ids(before), ids(after)];
  return {
    came: real(after).filter((device) => !old.has(device.deviceId)),
    went: real(before).filter((device) => !now.has(device.deviceId)),
  };
}

/** @type {ReadonlyArray<{kind: DeviceKind, list: keyof Devices}>} */
const KINDS = [
  { kind: "camera", list: "cameras" },
  { kind: "microphone", list: "microphones" },
  { kind: "speaker", list: "speakers" },
];

/** Watches what is plugged in. */
export class DeviceWatch {
  #chosen;
  #use;
  #note;
  /** @type {Devices | null} */
  #known = null;
  /** Changes are looked at one after the other. @type {Promise<void>} */
  #queue = Promise.resolve();

  /**
   * @param {(kind: DeviceKind) => {device: string, lacking: boolean}} chosen the chosen id ("" for the
   *   default), and whether this kind is wanted and there is none
   * @param {(kind: DeviceKind, device: string) => Promise<void>} use make it the one that is used,
   *   without changing what was chosen
   * @param {(note: DeviceNote) => void} note
   */
  constructor(chosen, use, note) {
    this.#chosen = chosen;
    this.#use = use;
    this.#note = note;
  }

  /** Start watching. */
  start() {
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.look());
  }

  /**
   * Look at the devices, now or after the look that is under way.
   *
   * @returns {Promise<void>} when all that changed was seen to
   */
  look() {
    this.#queue = this.#queue.then(() => this.#compare());
    return this.#queue;
  }

  async #compare() {
    const before = this.#known;
    const after = byKind(await everyDevice());
    this.#known = after;
    if (before === null) {
      return;
    }
    for (const { kind, list } of KINDS) {
      // Before the first permission there are no ids: what appears with it was there all the time.
      if (before[list].some((device) => device.deviceId !== "") || this.#chosen(kind).lacking) {
        await this.#changed(kind, deviceChanges(before[list], after[list]));
      }
    }
  }

  /**
   * @param {DeviceKind} kind
   * @param {{came: MediaDeviceInfo[], went: MediaDeviceInfo[]}} changes
   */
  async #changed(kind, { came, went }) {
    const { device, lacking } = this.#chosen(kind);
    const back = came.find((one) => one.deviceId === device) ?? (lacking ? came[0] : undefined);
    if (back !== undefined) {
      await this.#use(kind, back.deviceId);
      this.#note({ kind, what: "back", device: back.deviceId, label: back.label, before: "" });
      return;
    }
    const lost = went.find((one) => one.deviceId === device);
    if (kind === "speaker" && lost !== undefined) {
      await this.#use(kind, "");
      this.#note({ kind, what: "switched", device: "", label: "", before: lost.label });
    }
    const other = came[0];
    if (other !== undefined) {
      this.#note({ kind, what: "plugged", device: other.deviceId, label: other.label, before: "" });
    }
  }
}
