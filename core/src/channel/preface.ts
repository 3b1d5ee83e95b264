/** The two bytes that every preface begins with. WI-01. */
export const PREFACE_MAGIC = Uint8Array.of(0x30, 0x4b);
/** Magic (2), version, kind. WI-01. */
export const PREFACE_BYTES = 4;
/** The kind of the control stream, the only kind. WI-01. */
export const KIND_CONTROL = 0;
/** The highest version that this tree speaks; the answer to an unknown one. WI-02. */
export const VERSION_MAX = 2;

/** Returns the first 4 bytes of a stream. WI-01. */
export function preface(version: number): Uint8Array {
  return Uint8Array.of(...PREFACE_MAGIC, version, KIND_CONTROL);
}

/** Returns the handshake's prologue: ASCII `0k-sync/<version>` and the preface. HS-01. */
export function prologue(version: number): Uint8Array {
  return Uint8Array.of(...[...`0k-sync/${version}`].map((character) => character.charCodeAt(0)), ...preface(version));
}
