import { createRequire } from 'node:module';
import type { Patient } from '@medplum/fhirtypes';
import PDFDocument from 'pdfkit';
import { type InkStyle, inks, type Mark } from '../../charts/drawing.ts';
import { HEADING, type Placed, profilePage } from '../../charts/profile/page.ts';
import type { Profile } from '../../charts/profile/profile.ts';
import { type ChartLanguage, filled, type Writing } from '../../charts/said.ts';
import { nationalNumberOf } from '../../registry/national-number.ts';

export interface ProfileSheet {
  readonly patient: Patient;
  readonly profile: Profile;
  readonly at: Date;
  readonly zone: string;
}

const { resolve } = createRequire(import.meta.url);
/** Noto Sans has the letters of all our languages, Sami's too; a PDF/UA embeds what it shows. */
const FONTS = {
  regular: resolve('notosans-fontface/fonts/NotoSans-Regular.ttf'),
  bold: resolve('notosans-fontface/fonts/NotoSans-Bold.ttf'),
};
/** A4 in points. */
const SHEET = { width: 595.28, height: 841.89 };
const MARGIN = 40;
const TAGS: Readonly<Record<ChartLanguage, string>> = { nb: 'nb-NO', nn: 'nn-NO', sv: 'sv-SE', en: 'en' };
/** Points. */
const SENTENCE = 8.5;
const SENTENCE_SMALL = 7.3;
const DARK = '#1a1a1a';
const QUIET = '#4a545d';

type Document = InstanceType<typeof PDFDocument>;

/** One tagged page (PDF/UA): who it is about, then each drawing with its title and its sentence. */
export async function profilePdf({ patient, profile, at, zone }: ProfileSheet, how: Writing): Promise<Buffer> {
  const words = how.words.profile;
  const document = new PDFDocument({
    size: [SHEET.width, SHEET.height],
    margin: MARGIN,
    lang: TAGS[how.language],
    tagged: true,
    // @ts-expect-error the types do not know this subset yet; pdfkit 0.17 and later do
    subset: 'PDF/UA',
    pdfVersion: '1.7',
    displayTitle: true,
    font: FONTS.regular,
    info: { Title: words.title, CreationDate: at, ModDate: at, Producer: 'Svar', Creator: 'Svar' },
  });
  const done = collected(document);
  document.registerFont('regular', FONTS.regular).registerFont('bold', FONTS.bold);
  const structure = document.struct('Document');
  document.addStructure(structure);
  const width = SHEET.width - 2 * MARGIN;
  const write = (tag: string, text: string, size: number, { bold = false, quiet = false } = {}): void => {
    structure.add(
      document.struct(tag, {}, () => {
        document
          .font(bold ? 'bold' : 'regular')
          .fontSize(size)
          .fillColor(quiet ? QUIET : DARK)
          .text(text, MARGIN, document.y, { width });
      }),
    );
  };
  write('H1', words.title, 18, { bold: true });
  write('P', personText(patient, how), 11, { bold: true });
  write('P', timesText(profile, at, zone, how), 9, { quiet: true });
  if (profile.unanswered.length > 0) {
    write('P', filled(words.unanswered, { what: profile.unanswered.join(', ') }), 9, { quiet: true });
  }
  const top = document.y + 14;
  const room = { left: MARGIN, top, width, height: SHEET.height - MARGIN - top };
  const placed = profilePage(profile, room, words.levels, how);
  if (placed.length === 0) write('P', words.nothing, 11);
  for (const each of placed) {
    structure.add(heading(document, each));
    const said = sentence(document, each);
    if (said !== undefined) structure.add(said);
    structure.add(figure(document, each));
  }
  structure.end();
  document.end();
  return done;
}

function collected(document: Document): Promise<Buffer> {
  const parts: Buffer[] = [];
  return new Promise((resolved, rejected) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolved(Buffer.concat(parts)));
    document.on('error', rejected);
  });
}

function personText(patient: Patient, { words, day }: Writing): string {
  const { name = [], birthDate } = patient;
  // a name that is no longer used only where there is no other
  const used = name.find(({ use }) => use !== 'old') ?? name[0];
  const called = used?.text ?? [...(used?.given ?? []), used?.family].filter(Boolean).join(' ');
  const born = birthDate === undefined ? '' : filled(words.profile.born, { date: day(birthDate) });
  return [called, nationalNumberOf(patient) ?? '', born].filter((part) => part !== '').join(' · ');
}

function timesText({ latest }: Profile, at: Date, zone: string, { words, day, language }: Writing): string {
  const clock = new Intl.DateTimeFormat(TAGS[language], { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const moment = (instant: string): string =>
    instant.length <= 10 ? day(instant) : `${day(instant)} ${clock.format(new Date(instant))}`;
  return [
    latest === undefined ? '' : filled(words.profile.latest, { date: moment(latest) }),
    filled(words.profile.made, { date: moment(at.toISOString()) }),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function heading(document: Document, { drawing, x, y, width }: Placed) {
  return document.struct('H2', {}, () => {
    document.font('bold').fontSize(10.5).fillColor(DARK);
    document.text(drawing.title, x, y, { width, height: 13, ellipsis: true, lineBreak: false });
  });
}

/** What it tells, in letters that have room; of several bars, which have their numbers beside them, only where all of it has. */
function sentence(document: Document, { drawing, x, y, width, tellsItself }: Placed) {
  const room = HEADING - 14;
  document.font('regular');
  const fits = (size: number): boolean => document.fontSize(size).heightOfString(drawing.sentence, { width }) <= room;
  const size = fits(SENTENCE) ? SENTENCE : tellsItself ? undefined : SENTENCE_SMALL;
  if (size === undefined) return undefined;
  return document.struct('P', {}, () => {
    document.font('regular').fontSize(size).fillColor(DARK);
    document.text(drawing.sentence, x, y + 14, { width, height: room, ellipsis: true });
  });
}

/** The drawing, with all that it shows as words and numbers for whoever does not see it. */
function figure(document: Document, { drawing, x, y, width, scale }: Placed) {
  const numbers = drawing.table.rows.map((row) => row.filter(Boolean).join(' ')).join('; ');
  const alt = `${drawing.title}. ${drawing.sentence} ${numbers}`;
  const top = y + HEADING;
  const bottom = top + drawing.height * scale;
  // by a name, as the types do not know bbox yet
  const about = { alt, bbox: [x, top, x + width, bottom] };
  return document.struct('Figure', about, () => {
    document.save().translate(x, top).scale(scale);
    for (const mark of drawing.marks) draw(document, mark);
    document.restore();
  });
}

function draw(document: Document, mark: Mark): void {
  if ('text' in mark) {
    document
      .font(mark.bold ? 'bold' : 'regular')
      .fontSize(mark.size)
      .fillColor(mark.quiet ? QUIET : DARK);
    const wide = document.widthOfString(mark.text);
    const left = { start: mark.x, middle: mark.x - wide / 2, end: mark.x - wide }[mark.anchor];
    document.text(mark.text, left, mark.y, { lineBreak: false, baseline: 'alphabetic' });
    return;
  }
  const { stroke, width = 1, dash = [], fill }: InkStyle = inks[mark.ink];
  document.path(mark.path).lineWidth(width).lineJoin('round').lineCap('round');
  if (dash.length > 0) document.dash(dash[0] ?? 1, { space: dash[1] ?? 1 });
  else document.undash();
  if (fill !== undefined && stroke !== undefined) document.fillAndStroke(fill, stroke);
  else if (fill !== undefined) document.fill(fill);
  else document.stroke(stroke ?? DARK);
}
