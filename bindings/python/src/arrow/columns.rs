//! Claims as columns: a tree of structs, a column for each path.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, StringArray, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Fields};
use flowseal::{Claim, ClaimType, ErrorCode, OpenedClaims};

use super::rows::Row;
use crate::errors::Failure;

/// The columns of a set of claims.
pub(super) struct Columns {
    root: Group,
    /// The leaves' paths, and which column is whose.
    leaves: HashMap<String, usize>,
    /// The selected paths, if any were.
    selected: Vec<String>,
}

/// Members in the order in which they came, and where each is.
#[derive(Default)]
struct Group {
    members: Vec<(String, Node)>,
    places: HashMap<String, usize>,
}

enum Node {
    Group(Group),
    Leaf { at: usize, kind: ClaimType },
}

/// In how many rows a path is a claim, and in how many a group of claims.
#[derive(Clone, Copy, Default)]
struct Votes {
    leaf: usize,
    group: usize,
}

impl Columns {
    /// No columns yet, of a selection that can become some.
    ///
    /// # Errors
    /// `usage` where one path is a claim and also the group of another.
    pub(super) fn selected(select: Option<&[String]>) -> Result<Self, Failure> {
        let selected = select.unwrap_or_default().to_vec();
        let below: HashMap<_, _> = selected
            .iter()
            .flat_map(|path| groups_of(path).map(move |group| (group, path)))
            .collect();
        if let Some((group, path)) = selected
            .iter()
            .find_map(|path| Some((path, below.get(path.as_str())?)))
        {
            return Err(Failure::new(
                ErrorCode::Usage,
                format!(
                    "{path:?} is in the group {group:?}, and both are selected: select one of them"
                ),
            ));
        }
        Ok(Self {
            root: Group::default(),
            leaves: HashMap::new(),
            selected,
        })
    }

    /// With the columns of all claims that opened. A row that does not fit loses its claims, and no
    /// other row does: one whose claim is a group in more rows, or the other way round; one whose
    /// text is not of the catalogue's type; and one that would bring more columns than `bound`,
    /// which is what a single flow may have.
    pub(super) fn holding(mut self, batches: &mut [Vec<Row>], bound: usize) -> Self {
        let votes = votes(batches.iter().flatten());
        for path in self.selected.clone() {
            match votes.get(&path) {
                Some(votes) if votes.group > votes.leaf => self.root.place_group(&path),
                _ => self.add(&path),
            }
        }
        for row in batches.iter_mut().flatten() {
            if let Ok(claims) = &row.claims
                && let Err(code) = self.take(claims, &votes, bound)
            {
                row.claims = Err(code);
            }
        }
        self
    }

    /// Makes room for the claims of a row, all of them or none.
    fn take(
        &mut self,
        claims: &OpenedClaims,
        votes: &HashMap<String, Votes>,
        bound: usize,
    ) -> Result<(), ErrorCode> {
        let is_group = |path: &str| votes.get(path).is_some_and(|it| it.group > it.leaf);
        let mut new = Vec::new();
        for claim in claims.iter() {
            let path = claim.path();
            let is_where_leaves_are = !is_group(path) && groups_of(path).all(is_group);
            let is_of_its_type = match ClaimType::of(path) {
                ClaimType::Boolean => claim.boolean().is_ok(),
                ClaimType::List => claim.list().is_ok(),
                _ => true,
            };
            if !is_where_leaves_are || !is_of_its_type {
                return Err(ErrorCode::ClaimType);
            }
            if !self.leaves.contains_key(path) {
                new.push(path.to_owned());
            }
        }
        if !new.is_empty() && self.leaves.len() + new.len() > bound {
            return Err(ErrorCode::TooManyLeaves);
        }
        for path in new {
            self.add(&path);
        }
        Ok(())
    }

    fn add(&mut self, path: &str) {
        let at = self.leaves.len();
        if let Entry::Vacant(place) = self.leaves.entry(path.to_owned()) {
            place.insert(at);
            let kind = ClaimType::of(path);
            self.root.place(path, Node::Leaf { at, kind });
        }
    }

    pub(super) fn data_type(&self) -> DataType {
        DataType::Struct(self.root.fields())
    }

    /// The three columns that come out of a batch.
    pub(super) fn arrays(&self, rows: &[Row]) -> Result<[ArrayRef; 3], ArrowError> {
        // Each claim is looked at once, however many columns there are.
        let mut cells: Vec<Cells<'_>> = Vec::new();
        cells.resize_with(self.leaves.len(), Vec::new);
        for (row, claims) in rows.iter().enumerate() {
            for claim in claims.claims.iter().flat_map(OpenedClaims::iter) {
                let at = self.leaves.get(claim.path());
                if let Some(column) = at.and_then(|at| cells.get_mut(*at)) {
                    column.push((row, claim));
                }
            }
        }
        let opened: Vec<_> = rows.iter().map(|row| row.claims.is_ok()).collect();
        let claims = self.root.array(&cells, rows.len(), Some(opened))?;
        let verified: BooleanArray = rows.iter().map(|row| Some(row.verified)).collect();
        let error = |row: &Row| row.claims.as_ref().err().map(|code| code.as_str());
        let errors: StringArray = rows.iter().map(error).collect();
        Ok([claims, Arc::new(verified), Arc::new(errors)])
    }
}

/// The claims of a column, with their rows.
type Cells<'a> = Vec<(usize, Claim<'a>)>;

/// The groups that a path is in, the outermost first.
fn groups_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('.')
        .filter_map(|(dot, _)| path.get(..dot))
}

/// What each path is in the rows that opened. Where it is both, more rows have the say, so that a
/// stranger's one does not.
fn votes<'a>(rows: impl Iterator<Item = &'a Row>) -> HashMap<String, Votes> {
    let mut votes: HashMap<String, Votes> = HashMap::new();
    for claims in rows.filter_map(|row| row.claims.as_ref().ok()) {
        let mut groups = std::collections::HashSet::new();
        for claim in claims.iter() {
            votes.entry(claim.path().to_owned()).or_default().leaf += 1;
            groups.extend(groups_of(claim.path()).map(str::to_owned));
        }
        for group in groups {
            votes.entry(group).or_default().group += 1;
        }
    }
    // A tie is a group: more can be shown of it, and a claim that nobody has is a claim.
    for it in votes.values_mut() {
        it.group += usize::from(it.group == it.leaf);
    }
    votes
}

impl Group {
    /// The group of this name, which is made where there is none.
    fn group(&mut self, name: &str) -> Option<&mut Self> {
        let at = match self.places.get(name) {
            Some(at) => *at,
            None => self.push(name, Node::Group(Self::default())),
        };
        match self.members.get_mut(at) {
            Some((_, Node::Group(group))) => Some(group),
            _ => None,
        }
    }

    fn push(&mut self, name: &str, node: Node) -> usize {
        let at = self.members.len();
        self.members.push((name.to_owned(), node));
        self.places.insert(name.to_owned(), at);
        at
    }

    fn place(&mut self, path: &str, node: Node) {
        match path.split_once('.') {
            Some((name, below)) => {
                if let Some(group) = self.group(name) {
                    group.place(below, node);
                }
            }
            None => {
                self.push(path, node);
            }
        }
    }

    fn place_group(&mut self, path: &str) {
        match path.split_once('.') {
            Some((name, below)) => {
                if let Some(group) = self.group(name) {
                    group.place_group(below);
                }
            }
            None => {
                self.group(path);
            }
        }
    }

    fn fields(&self) -> Fields {
        let members = self.members.iter();
        members
            .map(|(name, node)| Field::new(name, node.data_type(), true))
            .collect()
    }

    /// A struct for each row; where `valid` is given, it says which rows have one at all.
    fn array(
        &self,
        cells: &[Cells<'_>],
        rows: usize,
        valid: Option<Vec<bool>>,
    ) -> Result<ArrayRef, ArrowError> {
        let members = self.members.iter().map(|(_, node)| match node {
            Node::Group(group) => group.array(cells, rows, None),
            Node::Leaf { at, kind } => {
                let cells = cells.get(*at).map(Vec::as_slice);
                Ok(leaf(cells.unwrap_or_default(), *kind, rows))
            }
        });
        let members = members.collect::<Result<Vec<_>, _>>()?;
        let valid = valid.map(Into::into);
        let array = StructArray::try_new_with_length(self.fields(), members, valid, rows)?;
        Ok(Arc::new(array))
    }
}

impl Node {
    fn data_type(&self) -> DataType {
        match self {
            Self::Group(group) => DataType::Struct(group.fields()),
            Self::Leaf { kind, .. } => match kind {
                ClaimType::Boolean => DataType::Boolean,
                ClaimType::List => {
                    DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))
                }
                _ => DataType::Utf8,
            },
        }
    }
}

fn leaf(cells: &[(usize, Claim<'_>)], kind: ClaimType, rows: usize) -> ArrayRef {
    let mut cells = cells.iter().peekable();
    let each = (0..rows).map(|row| {
        let cell = cells.next_if(|(at, _)| *at == row);
        cell.map(|(_, claim)| claim)
    });
    match kind {
        ClaimType::Boolean => {
            let mut values = BooleanBuilder::with_capacity(rows);
            each.for_each(|claim| values.append_option(claim.and_then(|it| it.boolean().ok())));
            Arc::new(values.finish())
        }
        ClaimType::List => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for claim in each {
                let list = claim.and_then(|claim| claim.list().ok());
                for element in list.iter().flatten() {
                    lists.values().append_value(element.expose_secret());
                }
                lists.append(list.is_some());
            }
            Arc::new(lists.finish())
        }
        _ => {
            let mut values = StringBuilder::new();
            each.for_each(|claim| values.append_option(claim.map(Claim::text)));
            Arc::new(values.finish())
        }
    }
}
