//! The lock of what sockets and tasks of a node share.
//!
//! In the server it is parking_lot's. In unit tests it is the same lock, and before each attempt to take it and after it
//! was given back the scheduler of `tests/schedules.rs` may go on with another task. Absent on purpose: what tasks wait on (tokio's
//! signals), which are single steps for that scheduler.

#[cfg(not(test))]
pub use parking_lot::Mutex;
#[cfg(test)]
pub use scheduled::{Mutex, explored};

#[cfg(test)]
mod scheduled {
    use parking_lot::MutexGuard;
    use std::cell::Cell;
    use std::ops::{Deref, DerefMut};

    thread_local! {
        static EXPLORED: Cell<bool> = const { Cell::new(false) };
    }

    /// Runs `test`, in which shuttle schedules everything on this thread.
    pub fn explored(test: impl FnOnce()) {
        struct End;
        impl Drop for End {
            fn drop(&mut self) {
                EXPLORED.set(false);
            }
        }
        EXPLORED.set(true);
        let _end = End;
        test();
    }

    #[derive(Debug, Default)]
    pub struct Mutex<T>(parking_lot::Mutex<T>);

    impl<T> Mutex<T> {
        pub fn new(value: T) -> Self {
            Self(parking_lot::Mutex::new(value))
        }

        pub fn lock(&self) -> Guard<'_, T> {
            if !EXPLORED.get() {
                return Guard(Some(self.0.lock()));
            }
            loop {
                shuttle::thread::yield_now();
                if let Some(guard) = self.0.try_lock() {
                    return Guard(Some(guard));
                }
            }
        }
    }

    /// Empty only while it is dropped.
    pub struct Guard<'a, T>(Option<MutexGuard<'a, T>>);

    impl<T> Deref for Guard<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            self.0.as_ref().expect("held")
        }
    }

    impl<T> DerefMut for Guard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            self.0.as_mut().expect("held")
        }
    }

    impl<T> Drop for Guard<'_, T> {
        fn drop(&mut self) {
            self.0 = None;
            if EXPLORED.get() && !std::thread::panicking() {
                shuttle::thread::yield_now();
            }
        }
    }
}
