//! (arrives)
