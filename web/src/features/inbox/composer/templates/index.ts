/**
 * Templates of WhatsApp: found, filled, seen as the customer will see them.
 *
 * Owns: reading Meta's definitions and what of them has to be filled. Invariants: only approved ones are offered; none leaves
 * with an empty place. Absent on purpose: making templates; Meta's own tool does that.
 */
export { TemplateDialog } from './dialog';
export { TemplatePicker, type Use } from './picker';
