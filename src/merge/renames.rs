//! Which file became which, on both sides: exactly, then by similarity.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Sides;
use crate::tree::{Node, ProjectPath};

/// How much of the larger file two files must share to be one that was renamed, as a fraction.
const LEAST: f64 = 0.5;

/// More pairs than this aren't compared: then only those with the same name, and no more of them
/// either.
const MOST_PAIRS: usize = 40_000;

/// Files and folders that have another place now.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Where the template has files of the base now.
    pub(super) template: Moves,
    /// Where the user has files of the base now.
    pub(super) user: Moves,
}

/// Files and folders that one side moved.
#[derive(Debug, Default)]
pub(super) struct Moves {
    files: BTreeMap<ProjectPath, ProjectPath>,
    folders: BTreeMap<String, String>,
    /// Where the files are now.
    targets: BTreeSet<ProjectPath>,
    /// Where the folders were, by where they are now.
    origins: BTreeMap<String, String>,
}

impl Moves {
    /// Gives where a file is now, where it moved.
    pub(super) fn of(&self, path: &ProjectPath) -> Option<&ProjectPath> {
        self.files.get(path)
    }

    /// Tells whether another file moved to a path.
    pub(super) fn has_target(&self, path: &ProjectPath) -> bool {
        self.targets.contains(path)
    }

    /// Gives where a file goes that is in a folder that moved as a whole.
    pub(super) fn follow(&self, path: &ProjectPath) -> Option<ProjectPath> {
        let folders: Vec<&str> = path.folders().collect();
        let (old, new) = folders
            .iter()
            .rev()
            .find_map(|folder| self.folders.get_key_value(*folder))?;
        let rest = path.as_str().strip_prefix(old.as_str())?;
        ProjectPath::parse(&format!("{new}{rest}")).ok()
    }

    /// Gives where a file would be without the move of its folder.
    pub(super) fn origin(&self, path: &ProjectPath) -> Option<ProjectPath> {
        let folders: Vec<&str> = path.folders().collect();
        let came_from = |folder: &&str| self.origins.get_key_value(*folder);
        let (new, old) = folders.iter().rev().find_map(came_from)?;
        let rest = path.as_str().strip_prefix(new.as_str())?;
        ProjectPath::parse(&format!("{old}{rest}")).ok()
    }

    /// Notes where everything is now.
    fn settle(mut self) -> Self {
        self.targets = self.files.values().cloned().collect();
        let folders = self.folders.iter().rev();
        let origins = folders.map(|(old, new)| (new.clone(), old.clone()));
        self.origins = origins.collect();
        self
    }
}

/// Finds what both sides renamed.
pub(super) fn find(sides: Sides) -> Renames {
    let Sides {
        base,
        kept,
        yours,
        desired,
        ..
    } = sides;
    let is_desired = |path: &ProjectPath| desired.get(path.as_str()).is_some();
    let is_based = |path: &ProjectPath| base.get(path.as_str()).is_some();
    let file = |path: &ProjectPath| match yours.get(path) {
        Some(Node::File(entry)) => Some(&*entry.bytes),
        _ => None,
    };

    let gone = base.iter().filter(|(path, _)| !is_desired(path));
    let new = desired
        .iter()
        .filter(|(path, entry)| match base.get(path.as_str()) {
            None => !kept.contains_key(*path),
            // The name of a file that the user deleted, for another one.
            Some(old) => yours.get(path).is_none() && !is_alike(&old.bytes, &entry.bytes),
        });
    let mut template = moves(
        &gone.map(|(path, entry)| (path, &*entry.bytes)).collect(),
        &new.map(|(path, entry)| (path, &*entry.bytes)).collect(),
        &folders_of(desired.iter().map(|(path, _)| path)),
    );
    // A file of the user's own that is in the way is no reason to move another one there.
    let is_taken = |path: &ProjectPath| {
        let mut others = yours.at(path.as_str());
        yours.get(path).is_some() || others.any(|other| base.get(other).is_none())
    };
    template
        .files
        .retain(|old, new| yours.get(old).is_none() || !is_taken(new));
    let template = template.settle();

    let gone = base.iter().filter(|(path, _)| yours.get(path).is_none());
    let of_both = |path: &ProjectPath| template.has_target(path);
    let own = yours
        .nodes
        .keys()
        .filter(|path| !is_based(path) && (!is_desired(path) || of_both(path)));
    let user = moves(
        &gone.map(|(path, entry)| (path, &*entry.bytes)).collect(),
        &own.filter_map(|path| Some((path, file(path)?))).collect(),
        &folders_of(yours.nodes.keys()),
    );
    Renames {
        template,
        user: user.settle(),
    }
}

type Candidates<'a> = Vec<(&'a ProjectPath, &'a [u8])>;

/// Pairs files that went with files that came.
fn moves(gone: &Candidates, new: &Candidates, left: &BTreeSet<&str>) -> Moves {
    let mut moves = Moves::default();
    if gone.is_empty() || new.is_empty() {
        return moves;
    }
    let mut scored = score(gone, new);
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut taken = BTreeSet::new();
    for (_, old, target) in scored {
        if !moves.files.contains_key(old) && taken.insert(target) {
            moves.files.insert(old.clone(), target.clone());
        }
    }
    moves.folders = folders(&moves.files, left);
    // What is empty is like everything that is empty: it goes where its folder goes.
    let targets: BTreeSet<&ProjectPath> = new.iter().map(|(path, _)| *path).collect();
    for (old, _) in gone.iter().filter(|(_, bytes)| bytes.is_empty()) {
        if let Some(target) = moves.follow(old)
            && targets.contains(&target)
        {
            moves.files.insert((*old).clone(), target);
        }
    }
    moves
}

/// Compares files, and gives the pairs that are alike: the better, the higher.
fn score<'a>(
    gone: &Candidates<'a>,
    new: &Candidates<'a>,
) -> Vec<(f64, &'a ProjectPath, &'a ProjectPath)> {
    let lines = |candidates: &Candidates<'a>| -> Vec<HashMap<u64, usize>> {
        candidates.iter().map(|(_, bytes)| count(bytes)).collect()
    };
    let (old_lines, new_lines) = (lines(gone), lines(new));
    let mut scored = Vec::new();
    for (one, other) in pairs(gone, new) {
        let ((old, old_bytes), (target, bytes)) = (gone[one], new[other]);
        if old_bytes.is_empty() || bytes.is_empty() {
            continue;
        }
        let alike = if old_bytes == bytes {
            1.0
        } else {
            similarity((old_bytes, &old_lines[one]), (bytes, &new_lines[other]))
        };
        if alike >= LEAST {
            let same_name = old.file_name() == target.file_name();
            let bonus = if same_name { 0.2 } else { 0.0 };
            scored.push((alike + bonus, old, target));
        }
    }
    scored
}

/// Gives the pairs that are compared, by their places.
fn pairs(gone: &Candidates, new: &Candidates) -> Vec<(usize, usize)> {
    let all = |old: &[usize], new: &[usize]| -> Vec<(usize, usize)> {
        let with_all = |old: &usize| new.iter().map(|new| (*old, *new)).collect::<Vec<_>>();
        old.iter().flat_map(with_all).collect()
    };
    let places = |candidates: &Candidates| -> Vec<usize> { (0..candidates.len()).collect() };
    if gone.len().saturating_mul(new.len()) <= MOST_PAIRS {
        return all(&places(gone), &places(new));
    }
    let (old, new) = (by_name(gone), by_name(new));
    let mut left = MOST_PAIRS;
    let mut pairs = Vec::new();
    for (name, old) in old {
        let Some(new) = new.get(name) else {
            continue;
        };
        if let Some(rest) = left.checked_sub(old.len().saturating_mul(new.len())) {
            left = rest;
            pairs.extend(all(&old, new));
        }
    }
    pairs
}

/// Gives the places of the files with each name.
fn by_name<'a>(candidates: &Candidates<'a>) -> BTreeMap<&'a str, Vec<usize>> {
    let mut names: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, (path, _)) in candidates.iter().enumerate() {
        names.entry(path.file_name()).or_default().push(place);
    }
    names
}

/// Tells whether two files are one that was changed.
fn is_alike(one: &[u8], other: &[u8]) -> bool {
    one == other || similarity((one, &count(one)), (other, &count(other))) >= LEAST
}

/// Counts the bytes of a file by its lines.
fn count(bytes: &[u8]) -> HashMap<u64, usize> {
    let mut lines = HashMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        *lines.entry(hasher.finish()).or_default() += line.len() + 1;
    }
    lines
}

/// Gives how much of the larger file both have, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a fraction to compare with")]
fn similarity(
    (one, one_lines): (&[u8], &HashMap<u64, usize>),
    (other, other_lines): (&[u8], &HashMap<u64, usize>),
) -> f64 {
    let larger = one.len().max(other.len());
    if one.len().min(other.len()) * 2 < larger {
        return 0.0;
    }
    let common: usize = one_lines
        .iter()
        .filter_map(|(line, length)| Some((*other_lines.get(line)?).min(*length)))
        .sum();
    common as f64 / (larger + 1) as f64
}

/// Finds folders that moved as a whole: none of their files is left.
fn folders(
    files: &BTreeMap<ProjectPath, ProjectPath>,
    left: &BTreeSet<&str>,
) -> BTreeMap<String, String> {
    let mut votes: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (old, new) in files {
        let (mut old, mut new) = (old.as_str(), new.as_str());
        while let (Some((old_folder, old_name)), Some((new_folder, new_name))) =
            (old.rsplit_once('/'), new.rsplit_once('/'))
        {
            if old_name != new_name || old_folder == new_folder {
                break;
            }
            *votes
                .entry(old_folder)
                .or_default()
                .entry(new_folder)
                .or_default() += 1;
            (old, new) = (old_folder, new_folder);
        }
    }
    // Where a folder was divided evenly, nobody knows where the rest of it belongs.
    let winner = |targets: BTreeMap<&str, usize>| {
        let most = *targets.values().max()?;
        let mut best = targets.into_iter().filter(|(_, count)| *count == most);
        let (target, _) = best.next()?;
        best.next().is_none().then(|| target.to_owned())
    };
    votes
        .into_iter()
        .filter(|(folder, _)| !left.contains(folder))
        .filter_map(|(folder, targets)| Some((folder.to_owned(), winner(targets)?)))
        .collect()
}

/// Gives all folders that paths are in.
fn folders_of<'a>(paths: impl Iterator<Item = &'a ProjectPath>) -> BTreeSet<&'a str> {
    paths.flat_map(ProjectPath::folders).collect()
}
