import { registerEnumType } from 'type-graphql';
import { FIGURE_NAMES, type FigureName } from '../domain/comparison.js';
import { DEFINITIONS } from './definitions.js';

/** `openDealsWithoutValue` becomes `OPEN_DEALS_WITHOUT_VALUE`. */
const nameOf = (figure: FigureName): string => figure.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** `FigureName` of the schema: each figure under its field's name, with its definition. */
export const FigureNameEnum = Object.fromEntries(FIGURE_NAMES.map((figure) => [nameOf(figure), figure]));
registerEnumType(FigureNameEnum, {
  name: 'FigureName',
  description: 'A figure of the metrics, by the name of its field.',
  valuesConfig: Object.fromEntries(
    FIGURE_NAMES.map((figure) => [nameOf(figure), { description: DEFINITIONS[figure] }]),
  ),
});
