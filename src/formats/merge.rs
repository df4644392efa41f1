//! Two changes of one thing: the choice that is the same in every format.

use super::line_ending::LineEnding;

/// What comes out when two changes of one text are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// Both changes are in this text.
    Clean(String),
    /// Both sides changed the same thing in different ways. The three texts hold everything that
    /// could be merged, and differ only where it couldn't: there each has what its side has.
    Conflict {
        /// With what both sides began with.
        base: String,
        /// With what the user has.
        yours: String,
        /// With what the template wants.
        desired: String,
    },
}

/// One thing in three versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Versions<T> {
    /// What both sides began with.
    pub(super) base: T,
    /// What the user has.
    pub(super) yours: T,
    /// What the template wants.
    pub(super) desired: T,
}

/// Which version is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// The user's.
    Yours,
    /// The template's: the user left the thing as it was.
    Desired,
    /// Neither: both changed it, in different ways.
    Neither,
}

impl Merged {
    /// Makes the result of three texts that are alike where there is no conflict.
    pub(super) fn of(texts: Versions<String>) -> Merged {
        let Versions {
            base,
            yours,
            desired,
        } = texts;
        if base == yours && yours == desired {
            return Merged::Clean(yours);
        }
        Merged::Conflict {
            base,
            yours,
            desired,
        }
    }

    /// Changes every text.
    pub(super) fn map(self, change: impl Fn(&str) -> String) -> Merged {
        match self {
            Merged::Clean(text) => Merged::Clean(change(&text)),
            Merged::Conflict {
                base,
                yours,
                desired,
            } => Merged::Conflict {
                base: change(&base),
                yours: change(&yours),
                desired: change(&desired),
            },
        }
    }
}

impl<T> Versions<T> {
    /// Changes each version.
    pub(super) fn map<U>(self, change: impl Fn(T) -> U) -> Versions<U> {
        Versions {
            base: change(self.base),
            yours: change(self.yours),
            desired: change(self.desired),
        }
    }

    /// Gives the versions without owning them.
    pub(super) fn each_ref(&self) -> Versions<&T> {
        Versions {
            base: &self.base,
            yours: &self.yours,
            desired: &self.desired,
        }
    }

    /// Gives the versions in their order.
    pub(super) fn each(&mut self) -> [&mut T; 3] {
        [&mut self.base, &mut self.yours, &mut self.desired]
    }
}

impl<T: Clone> Versions<T> {
    /// Makes three versions that are alike.
    pub(super) fn alike(one: &T) -> Self {
        Versions {
            base: one.clone(),
            yours: one.clone(),
            desired: one.clone(),
        }
    }
}

impl Versions<String> {
    /// Gives the texts without owning them.
    pub(super) fn as_deref(&self) -> Versions<&str> {
        Versions {
            base: &self.base,
            yours: &self.yours,
            desired: &self.desired,
        }
    }
}

impl<T: PartialEq> Versions<T> {
    /// Chooses a version of something that is always there.
    pub(super) fn choose(&self) -> Choice {
        if self.base == self.desired || self.yours == self.desired {
            Choice::Yours
        } else if self.base == self.yours {
            Choice::Desired
        } else {
            Choice::Neither
        }
    }
}

impl<T: PartialEq> Versions<Option<T>> {
    /// Chooses a version of something that a side may lack.
    ///
    /// What the user removed stays away, whatever the template made of it; what the user changed
    /// stays, even if the template has it no longer.
    pub(super) fn choose_present(&self) -> Choice {
        let is_removed = self.base.is_some() && (self.yours.is_none() || self.desired.is_none());
        match self.choose() {
            Choice::Neither if is_removed => Choice::Yours,
            Choice::Desired if self.yours.is_none() && self.base.is_some() => Choice::Yours,
            choice => choice,
        }
    }
}

/// Gives the merged text when at most one side changed anything but line endings.
pub(super) fn settle(texts: &Versions<&str>) -> Option<String> {
    let unix = texts.map(|text| LineEnding::Unix.apply(text));
    match unix.choose() {
        Choice::Yours => Some(texts.yours.to_owned()),
        Choice::Desired if texts.yours.contains('\n') => {
            Some(LineEnding::of(texts.yours).apply(texts.desired))
        }
        Choice::Desired => Some(texts.desired.to_owned()),
        Choice::Neither => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_changed_is_taken() {
        let cases = [
            ((Some(1), Some(1), Some(2)), Choice::Desired),
            ((Some(1), Some(2), Some(1)), Choice::Yours),
            ((Some(1), Some(2), Some(2)), Choice::Yours),
            ((Some(1), Some(2), Some(3)), Choice::Neither),
            ((None, Some(2), Some(3)), Choice::Neither),
            ((None, None, Some(3)), Choice::Desired),
            ((None, Some(2), None), Choice::Yours),
            ((Some(1), None, Some(1)), Choice::Yours),
            ((Some(1), None, Some(2)), Choice::Yours),
            ((Some(1), Some(1), None), Choice::Desired),
            ((Some(1), Some(2), None), Choice::Yours),
        ];
        for ((base, yours, desired), expected) in cases {
            let versions = Versions {
                base,
                yours,
                desired,
            };
            assert_eq!(versions.choose_present(), expected, "{versions:?}");
        }
    }

    #[test]
    fn a_text_that_one_side_changed_is_taken_as_it_is() {
        let cases = [
            (("a\n", "a\n", "b \n\n"), Some("b \n\n")),
            (("a\n", "b \n\n", "a\n"), Some("b \n\n")),
            (("a\n", "a\r\n", "b\n"), Some("b\r\n")),
            (("a\r\n", "b\n", "a\n"), Some("b\n")),
            (("a\n", "b\r\n", "b\n"), Some("b\r\n")),
            (("", "", "b\r\n"), Some("b\r\n")),
            (("a\n", "b\n", "c\n"), None),
        ];
        for ((base, yours, desired), expected) in cases {
            let texts = Versions {
                base,
                yours,
                desired,
            };
            assert_eq!(settle(&texts).as_deref(), expected, "{texts:?}");
        }
    }
}
