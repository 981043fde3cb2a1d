//! Claims as columns: a tree of structs, a column for each path.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, StringArray, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Fields};
use flowseal::{ClaimType, ClaimValue, ErrorCode, OpenedClaims};

use super::cells::Cell;
use super::rows::Row;
use crate::errors::Failure;

/// The columns of a set of claims.
pub(super) struct Columns(Vec<(String, Node)>);

enum Node {
    Group(Vec<(String, Node)>),
    Leaf { path: String, kind: ClaimType },
}

/// Every path that any of the flows has, in the order in which they are met.
pub(super) fn paths_of<'a>(cells: impl Iterator<Item = &'a Cell>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    cells
        .flatten()
        .flat_map(|flow| flow.claims().leaves())
        .filter_map(|leaf| seen.insert(leaf.path.clone()).then_some(leaf.path))
        .collect()
}

impl Columns {
    /// # Errors
    /// `usage` where one path is a claim and also the group of another.
    pub(super) fn of(paths: &[String]) -> Result<Self, Failure> {
        let mut root = Vec::new();
        for path in paths {
            insert(&mut root, path, path)?;
        }
        Ok(Self(root))
    }

    pub(super) fn data_type(&self) -> DataType {
        DataType::Struct(fields(&self.0))
    }

    /// Refuses claims that their columns cannot hold: a text that is not of the catalogue's type,
    /// or more claims where one was selected.
    pub(super) fn check(&self, claims: OpenedClaims) -> Row {
        let fits = claims
            .iter()
            .all(|claim| match (self.kind_at(claim.path()), claim.value()) {
                (Some(ClaimType::Boolean), value) => matches!(value, ClaimValue::Boolean(_)),
                (Some(ClaimType::List), value) => matches!(value, ClaimValue::List(_)),
                (kind, _) => kind.is_some(),
            });
        if fits {
            Ok(claims)
        } else {
            Err(ErrorCode::ClaimType)
        }
    }

    /// The three columns that come out.
    pub(super) fn arrays(&self, rows: &[Row]) -> Result<[ArrayRef; 3], ArrowError> {
        let present: Vec<_> = rows.iter().map(|row| row.as_ref().ok()).collect();
        let opened: Vec<_> = present.iter().map(Option::is_some).collect();
        let claims = structs(&self.0, &present, Some(opened))?;
        let verified = present
            .iter()
            .map(|claims| claims.is_some_and(OpenedClaims::is_verified));
        let verified: BooleanArray = verified.map(Some).collect();
        let errors: StringArray = rows
            .iter()
            .map(|row| row.as_ref().err().map(|code| code.as_str()))
            .collect();
        Ok([claims, Arc::new(verified), Arc::new(errors)])
    }

    fn kind_at(&self, path: &str) -> Option<ClaimType> {
        let mut nodes = &self.0;
        let mut found = None;
        for name in path.split('.') {
            let (_, node) = nodes.iter().find(|(known, _)| known == name)?;
            match node {
                Node::Group(below) => nodes = below,
                Node::Leaf { path: at, kind } => found = (at == path).then_some(*kind),
            }
        }
        found
    }
}

fn insert(nodes: &mut Vec<(String, Node)>, rest: &str, path: &str) -> Result<(), Failure> {
    let (name, below) = match rest.split_once('.') {
        Some((name, below)) => (name, Some(below)),
        None => (rest, None),
    };
    let known = nodes.iter_mut().find(|(known, _)| known == name);
    match (known.map(|(_, node)| node), below) {
        (None, None) => {
            let kind = ClaimType::of(path);
            let path = path.to_owned();
            nodes.push((name.to_owned(), Node::Leaf { path, kind }));
            Ok(())
        }
        (None, Some(below)) => {
            let mut group = Vec::new();
            insert(&mut group, below, path)?;
            nodes.push((name.to_owned(), Node::Group(group)));
            Ok(())
        }
        (Some(Node::Group(group)), Some(below)) => insert(group, below, path),
        // The same path twice is one column.
        (Some(Node::Leaf { .. }), None) => Ok(()),
        _ => Err(Failure::new(
            ErrorCode::Usage,
            format!(
                "{path:?} is a claim and a group of claims, and a column is one of both: select the paths that you need"
            ),
        )),
    }
}

fn fields(nodes: &[(String, Node)]) -> Fields {
    let field = |(name, node): &(String, Node)| Field::new(name, data_type(node), true);
    nodes.iter().map(field).collect()
}

fn data_type(node: &Node) -> DataType {
    match node {
        Node::Group(nodes) => DataType::Struct(fields(nodes)),
        Node::Leaf { kind, .. } => match kind {
            ClaimType::Boolean => DataType::Boolean,
            ClaimType::List => {
                DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))
            }
            _ => DataType::Utf8,
        },
    }
}

/// A struct for each row; where `valid` is given, it says which rows have one at all.
fn structs(
    nodes: &[(String, Node)],
    rows: &[Option<&OpenedClaims>],
    valid: Option<Vec<bool>>,
) -> Result<ArrayRef, ArrowError> {
    let columns = nodes.iter().map(|(_, node)| match node {
        Node::Group(nodes) => structs(nodes, rows, None),
        Node::Leaf { path, kind } => Ok(leaf(path, *kind, rows)),
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let valid = valid.map(Into::into);
    let array = StructArray::try_new_with_length(fields(nodes), columns, valid, rows.len())?;
    Ok(Arc::new(array))
}

fn leaf(path: &str, kind: ClaimType, rows: &[Option<&OpenedClaims>]) -> ArrayRef {
    let claims = rows
        .iter()
        .map(|row| row.and_then(|claims| claims.get(path)));
    match kind {
        ClaimType::Boolean => {
            let values = claims.map(|claim| claim?.boolean().ok());
            Arc::new(values.collect::<BooleanArray>())
        }
        ClaimType::List => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for claim in claims {
                let list = claim.and_then(|claim| claim.list().ok());
                for element in list.iter().flatten() {
                    lists.values().append_value(element.expose_secret());
                }
                lists.append(list.is_some());
            }
            Arc::new(lists.finish())
        }
        _ => Arc::new(
            claims
                .map(|claim| Some(claim?.text()))
                .collect::<StringArray>(),
        ),
    }
}
