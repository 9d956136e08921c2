import { writtenNumber } from '../number/written.ts'
import { UNITS } from '../unit/unit.ts'
import { clean, squeeze, tight } from './clean.ts'
import { readDepartments } from './departments.ts'
import type { RawRow } from './rows.ts'

/** A row whose cells are cleaned and whose departments are parted: what the rules for a task work on. */
export interface CleanRow {
  raw: RawRow
  name: string
  requirement: string
  townText: string
  deadlineText: string
  leads: string[]
  partners: string[]
  /** Towns named in the departments' cell. */
  ownerTowns: string[]
  tagged: boolean
  headUnit: string | null
}

export function cleanRow(raw: RawRow): CleanRow {
  const { cells } = raw
  const name = clean(cells.name ?? '')
  const requirement = clean((cells.requirement ?? '') + targetWords(cells.target, cells.unit))
  const departments = readDepartments(cells.departments ?? cells.leads ?? '')
  const partners = readDepartments(cells.partners ?? '')
  const unit = unitOf(raw.townHead) ?? unitOf(`（${squeeze(cells.unit ?? '')}）`)
  const matrix = raw.townCells
    .filter(({ text }) => (writtenNumber(squeeze(text)) ?? 0) !== 0)
    .map(({ town, text }) => `${town}${squeeze(text)}${unit ?? ''}`)
    .join('、')
  const given = clean(cells.townText ?? '', true)
  const townText = [given.text, matrix].filter((part) => part !== '').join('\n')
  const leadNames = departments.leads
  return {
    raw,
    name: tight(name.text),
    requirement: requirement.text,
    townText,
    deadlineText: clean(cells.deadline ?? '').text,
    leads: leadNames,
    partners: [...new Set([...departments.partners, ...partners.leads, ...partners.partners])].filter(
      (p) => !leadNames.includes(p),
    ),
    ownerTowns: [...departments.towns, ...partners.towns],
    tagged: name.tagged || requirement.tagged || given.tagged,
    headUnit: unit,
  }
}

/** The figure column of an assessment table, in words behind the requirement: "粮食播种面积：目标0.07万亩". */
function targetWords(target: string | undefined, unit: string | undefined): string {
  if (target === undefined) return ''
  const figure = squeeze(target)
  return `：目标${figure}${/[0-9０-９]$/.test(figure) ? squeeze(unit ?? '') : ''}`
}

/** The unit in brackets of a head: "街镇任务量（亩）", "任务量（单位：亩）". */
function unitOf(head: string): string | null {
  const match = /[（(](?:计量)?(?:单位[:：])?([^（）()]{1,6})[)）]/.exec(head)
  return match && UNITS.has(match[1] as string) ? (match[1] as string) : null
}
