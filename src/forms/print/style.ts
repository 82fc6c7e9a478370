import type { Html } from '../../model/html.ts';

/** Paper: A4, black on white, nothing that a photocopier loses; a question is never torn from its answers. */
export const printStyle: Html = {
  html: `
@page { size: A4; margin: 15mm 16mm 17mm; }
* { box-sizing: border-box; }
html { font: 11pt/1.35 "Liberation Sans", Arial, Helvetica, sans-serif; color: #000; background: #fff; }
body { margin: 0 auto; max-width: 178mm; }
@media screen { body { padding: 12mm 6mm; } }
header { display: flex; justify-content: space-between; align-items: flex-start; gap: 8mm; margin-bottom: 6mm; }
h1 { font-size: 18pt; line-height: 1.2; margin: 0; }
.label { flex: none; width: 75mm; height: 32mm; border: .4mm dashed #000; padding: 1.5mm 2mm; font-size: 8.5pt; }
h2 { font-size: 13pt; margin: 6mm 0 2mm; break-after: avoid; }
h2.depth3, h2.depth4 { font-size: 11.5pt; }
section { margin: 0; }
p { margin: 0 0 1.5mm; }
.question { margin: 0 0 4.5mm; break-inside: avoid; }
.question .question { margin: 3mm 0 0 6mm; }
.asked { font-weight: bold; }
.asked .box { vertical-align: -.7mm; }
.beside { display: flex; align-items: flex-end; justify-content: space-between; gap: 6mm; }
.beside .entry { flex: none; width: 62mm; }
.help, .hint { font-size: 9pt; }
.help { font-style: italic; }
.text { margin-bottom: 4mm; }
ul { list-style: none; margin: 0; padding: 0; }
.options { columns: 52mm; column-gap: 4mm; }
.options li { break-inside: avoid; padding-bottom: 1.8mm; }
.options.few { columns: auto; display: flex; flex-wrap: wrap; gap: 0 12mm; }
.numbers { display: flex; flex-wrap: wrap; gap: 2mm 6mm; }
li { display: flex; gap: 2mm; align-items: flex-start; }
.numbers li { flex-direction: column-reverse; align-items: center; gap: .5mm; }
.box { flex: none; display: inline-block; width: 4.2mm; height: 4.2mm; border: .35mm solid #000; margin-top: .2mm; }
.entry { display: flex; align-items: flex-end; gap: 2mm; min-height: 8mm; }
.line { display: block; border-bottom: .3mm solid #000; height: 7.5mm; }
.line.short { width: 35mm; }
.line.long { width: 100%; }
.other { display: flex; align-items: flex-end; gap: 2mm; margin-top: 2mm; }
.other .entry { flex: 1; }
.date, .pair { display: flex; align-items: flex-start; gap: 4mm; }
.digits { display: inline-flex; flex-direction: column; align-items: center; }
.digits > span:first-child { display: flex; }
.digit { width: 6.5mm; height: 8mm; border: .35mm solid #000; margin-left: -.35mm; }
.of { font-size: 8pt; }
.only-if { border-left: .8mm solid #000; padding-left: 4mm; margin: 0 0 4.5mm; }
.only-if .only-if { margin-bottom: 2mm; }
.when { font-style: italic; break-after: avoid; }
footer { margin-top: 8mm; font-size: 8pt; color: #333; overflow-wrap: anywhere; }
`,
};
