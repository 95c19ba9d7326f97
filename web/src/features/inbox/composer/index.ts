/**
 * Writing to a customer, and notes among colleagues.
 *
 * Owns: the text area with all that is around it, and what can be done with a message that was written here. Invariants: the
 * text is the draft of `store/drafts`, so that nothing is lost on the way out; "send" puts it into `store/outbox` and never
 * waits; what the platform will not take is said before it is sent. Absent on purpose: formatting; the platforms have
 * none in common.
 */
export { Composer } from './composer';
export { Outgoing } from './outgoing';
export { MessageTools } from './tools';
