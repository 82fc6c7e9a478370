import type { Command } from './command.ts';
import { demo } from './demo.ts';
import { load } from './load.ts';
import { rescore } from './rescore.ts';
import { serve } from './serve.ts';

/** The commands, by name, in the order in which `--help` tells them. */
export const COMMANDS: Readonly<Record<string, Command>> = { serve, load, rescore, demo };
