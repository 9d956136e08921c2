/**
 * Text on a page: how wide it is, where it is broken, what is cut. Widths are those of Noto Sans SC, which every output is set in; so a line
 * broken here is broken there, on a machine without any Chinese font too.
 */
import type { Weight } from './drawing.ts'

/** Advance widths of the characters from space to ~, in thousandths of the size. */
const WIDTHS: Record<Weight, readonly number[]> = {
  400: [
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608,
    657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510,
    620, 554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
  ],
  700: [
    227, 370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387, 590, 590, 590, 590, 590, 590, 590, 590, 590, 590, 325, 325, 590, 590, 590, 514, 1007, 641,
    681, 656, 714, 615, 585, 717, 757, 330, 568, 686, 578, 853, 749, 770, 667, 770, 682, 624, 625, 748, 619, 915, 627, 580, 613, 378, 387, 378, 590, 567, 626, 591, 644, 527,
    644, 581, 372, 597, 640, 304, 306, 604, 315, 964, 641, 626, 644, 644, 437, 495, 421, 637, 576, 863, 562, 574, 511, 378, 296, 378, 590,
  ],
} // prettier-ignore
/** The others that are no square: characters, their width when regular, when bold. */
const OTHERS: readonly (readonly [string, number, number])[] = [
  ['ÀÁÂÃÄÅĀĂ', 608, 641], ['àáâãäåāă', 563, 591], ['ÈÉÊËĒĚ', 589, 615], ['èéêëēě', 554, 581], ['ÌÍÎÏĨĪ', 293, 330], ['ìíîïĩī', 275, 304],
  ['ÒÓÔÕÖØŌŎ', 742, 770], ['òóôõöøōŏ', 606, 626], ['ÙÚÛÜŨŪŬ', 721, 748], ['ùúûüũūŭ', 607, 637], ['Ñ', 723, 749], ['ñ', 610, 641], ['Ç', 638, 656], ['ç', 510, 527],
  ['ß', 643, 700], ['Æ', 918, 951], ['æ', 877, 891], ['Ý', 531, 580], ['ýÿ', 521, 574], ['\u00a0', 224, 227], ['°', 370, 404], ['²³¹⁴', 411, 424], ['©', 832, 849], ['®', 473, 513],
  ['µ', 628, 664], ['¥£¢¬', 555, 590], ['¼', 873, 909], ['½', 903, 948], ['¾', 889, 921], ['–', 536, 544], ['—', 894, 908], ['‑', 347, 370], ['−', 555, 590], ['′', 278, 325], ['″', 474, 574],
  ['«»', 479, 529], ['№', 997, 1074], ['™', 711, 760], ['Ð', 712, 742], ['ð', 608, 630], ['Þ', 652, 690], ['þ', 620, 644],
] // prettier-ignore
const NARROW: Record<Weight, ReadonlyMap<string, number>> = {
  400: new Map(OTHERS.flatMap(([chars, regular]) => [...chars].map((char) => [char, regular] as const))),
  700: new Map(OTHERS.flatMap(([chars, , bold]) => [...chars].map((char) => [char, bold] as const))),
}

/** Characters that begin no line. */
const CLOSING = '，。；：、！？）》」』”’％%)]},.;:!?…·'
/** Characters that end no line. */
const OPENING = '（《「『“‘([{'

export function widthOf(text: string, size: number, weight: Weight = 400): number {
  let thousandths = 0
  for (const char of text) {
    const code = char.codePointAt(0)!
    thousandths += code >= 32 && code < 127 ? WIDTHS[weight][code - 32]! : (NARROW[weight].get(char) ?? 1000)
  }
  return (thousandths * size) / 1000
}

/** The text cut to a width, with an ellipsis where something was cut. */
export function cut(text: string, width: number, size: number, weight: Weight = 400): string {
  if (widthOf(text, size, weight) <= width) return text
  const chars = [...text]
  while (chars.length > 0 && widthOf(`${chars.join('')}…`, size, weight) > width) chars.pop()
  return `${chars.join('').trimEnd()}…`
}

/** The text in lines of a width; what `most` lines do not hold is cut off. Words and numbers are kept whole where a line has room for them. */
export function lines(text: string, width: number, size: number, weight: Weight = 400, most = Infinity): string[] {
  const all = text.split('\n').flatMap((paragraph) => broken(paragraph, width, size, weight))
  if (all.length <= most) return all
  const kept = all.slice(0, most)
  kept[most - 1] = cut(`${kept[most - 1]}${all[most]}`, width, size, weight)
  if (!kept[most - 1]!.endsWith('…')) kept[most - 1] = cut(`${kept[most - 1]}……`, width, size, weight)
  return kept
}

function broken(text: string, width: number, size: number, weight: Weight): string[] {
  const found: string[] = []
  let line = ''
  for (const piece of pieces(text)) {
    if (line !== '' && widthOf((line + piece).trimEnd(), size, weight) > width) {
      found.push(line.trimEnd())
      line = piece.trimStart()
    } else line += piece
    // A word longer than a line is cut into parts.
    while (widthOf(line.trimEnd(), size, weight) > width && [...line].length > 1) {
      const chars = [...line]
      let n = chars.length - 1
      while (n > 1 && widthOf(chars.slice(0, n).join(''), size, weight) > width) n--
      found.push(chars.slice(0, n).join(''))
      line = chars.slice(n).join('')
    }
  }
  found.push(line.trimEnd())
  return withoutWidow(found, size, weight)
}

/** A last line of one or two characters gets company from the line above. */
function withoutWidow(all: string[], size: number, weight: Weight): string[] {
  const [above, last] = all.slice(-2)
  if (last === undefined || last === '' || widthOf(last, size, weight) > size * 2.6) return all
  const kept = pieces(above!)
  let moved = last
  while (kept.length > 6 && widthOf(moved, size, weight) < size * 4) moved = kept.pop()! + moved
  // Between letters the space that the break took the place of is needed again.
  const joint = /[!-~]$/.test(above!) && /^[!-~]/.test(last) && moved !== last ? moved.slice(0, -last.length) + ' ' + last : moved
  return [...all.slice(0, -2), kept.join('').trimEnd(), joint.trimStart()]
}

/** What stays together: words, numbers with their unit signs, a character with the punctuation that clings to it. */
function pieces(text: string): string[] {
  const found: string[] = []
  for (const part of text.match(/[\x21-\x7e°²⁴—–−]+ ?|\s|[^\x21-\x7e°²⁴—–−\s]/gu) ?? []) {
    const last = found.at(-1)
    if (last !== undefined && (CLOSING.includes(part[0]!) || OPENING.includes(last.at(-1)!))) found[found.length - 1] = last + part
    else found.push(part)
  }
  return found
}
