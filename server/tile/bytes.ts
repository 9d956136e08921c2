const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** Bytes to read from or to write to, with the numbers of TWKB and protocol buffers. */
export class Bytes {
  /** Where the next byte is read or written. */
  at = 0
  #bytes: Uint8Array

  constructor(bytes: Uint8Array = new Uint8Array(256)) {
    this.#bytes = bytes
  }

  byte(): number {
    return this.#bytes[this.at++]!
  }

  /** Four bytes, the highest first, as PostgreSQL sends an int4. */
  int4(): number {
    return (this.byte() << 24) | (this.byte() << 16) | (this.byte() << 8) | this.byte()
  }

  /** Eight of them; numbers of features stay far below 2⁵³. */
  int8(): number {
    return this.int4() * 2 ** 32 + (this.int4() >>> 0)
  }

  /** Text behind its length; null where that is −1. */
  counted(): string | null {
    const length = this.int4()
    if (length < 0) return null
    this.at += length
    return decoder.decode(this.#bytes.subarray(this.at - length, this.at))
  }

  uint(): number {
    let [value, shift] = [0, 0]
    let byte: number
    do {
      byte = this.byte()
      value |= (byte & 127) << shift
      shift += 7
    } while (byte & 128)
    return value >>> 0
  }

  zigzag(): number {
    const value = this.uint()
    return (value >>> 1) ^ -(value & 1)
  }

  /** A number of any size up to 2⁵³. */
  varint(value: number): this {
    this.#room(8)
    while (value > 127) {
      this.#bytes[this.at++] = (value % 128) | 128
      value = Math.floor(value / 128)
    }
    this.#bytes[this.at++] = value
    return this
  }

  zigzagged(value: number): this {
    return this.varint(((value << 1) ^ (value >> 31)) >>> 0)
  }

  /** The head of a field: its number and how it is written (0 a number, 2 with its length). */
  field(number: number, wire: 0 | 2): this {
    return this.varint((number << 3) | wire)
  }

  text(number: number, text: string): void {
    const bytes = encoder.encode(text)
    this.field(number, 2).varint(bytes.length)
    this.#put(bytes)
  }

  packed(number: number, values: readonly number[]): void {
    const inner = new Bytes()
    for (const value of values) inner.varint(value)
    this.message(number, inner)
  }

  /** What was written to other bytes, as a field of these. */
  message(number: number, inner: Bytes): void {
    this.field(number, 2).varint(inner.at)
    this.#put(inner.#bytes.subarray(0, inner.at))
  }

  clear(): void {
    this.at = 0
  }

  /** A copy of what was written. */
  taken(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.at) as Uint8Array<ArrayBuffer>
  }

  #put(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  #room(more: number): void {
    if (this.at + more <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.at + more))
    larger.set(this.#bytes.subarray(0, this.at))
    this.#bytes = larger
  }
}
