import {z} from 'zod';
import {components} from './components.ts';
import type {ComponentName} from './types.ts';

/** A component in JSON that is printed. */
export const componentSchema = z.enum(Object.keys(components) as [ComponentName, ...ComponentName[]]);
