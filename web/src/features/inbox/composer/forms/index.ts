/**
 * Messages that are more than a text: a location, a contact card, buttons, a list.
 *
 * Owns: their forms, and what makes a message of the fields. Invariants: what is filled in is in `store/forms`, and the text above
 * buttons and lists is the draft, so that neither is lost by looking elsewhere; what the platform would refuse can't be sent.
 * Absent on purpose: maps (a stranger's server would learn of the place), and following short links.
 */
export { FormPlace } from './place';
