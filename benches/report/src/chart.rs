//! A chart before it is drawn: places along the bottom, and a value for each series at each.

use crate::data::Section;

/// All that a picture, its description and its table are made of.
#[derive(Debug)]
pub(crate) struct Chart {
    /// Names its file, and what is in it: no other chart of the page has it.
    pub(crate) key: String,
    pub(crate) title: String,
    /// What lies along the bottom, with its unit.
    pub(crate) across: &'static str,
    /// What the height means, with its unit.
    pub(crate) up: &'static str,
    pub(crate) shape: Shape,
    pub(crate) places: Vec<Place>,
    pub(crate) series: Vec<Series>,
    /// Where the figures are from; without its rows.
    pub(crate) source: Section,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shape {
    /// Places are things beside each other.
    Bars,
    /// Places are amounts, as far apart as they are.
    Lines,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) at: f64,
    pub(crate) name: String,
}

#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) name: String,
    /// One for each place; nothing where nothing was measured.
    pub(crate) values: Vec<Option<f64>>,
}

/// A value with the place and the series that it belongs to.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) place: Place,
    pub(crate) series: String,
    pub(crate) value: f64,
}

impl Chart {
    /// Of the greatest value and of all smaller ones: none is below zero.
    pub(crate) fn greatest(&self) -> f64 {
        let values = self.series.iter().flat_map(|series| &series.values);
        values.flatten().copied().fold(0.0, f64::max)
    }
}

/// Puts values into their places, which come in order, and series, which come as they are found.
///
/// # Errors
/// Two values for one place of a series: nobody could tell which of them is drawn. A value or a
/// place that is no amount.
pub(crate) fn arrange(cells: &[Cell]) -> Result<(Vec<Place>, Vec<Series>), String> {
    let mut places: Vec<Place> = Vec::new();
    let mut series: Vec<Series> = Vec::new();
    for Cell { place, value, .. } in cells {
        if !value.is_finite() || *value < 0.0 || !place.at.is_finite() || place.at < 0.0 {
            return Err(format!("{value} at {} is not an amount", place.name));
        }
        if !places.contains(place) {
            places.push(place.clone());
        }
    }
    places.sort_by(|one, other| one.at.total_cmp(&other.at));
    for cell in cells {
        let known = series.iter().position(|series| series.name == cell.series);
        let at = known.unwrap_or_else(|| {
            series.push(Series {
                name: cell.series.clone(),
                values: vec![None; places.len()],
            });
            series.len() - 1
        });
        let place = places.iter().position(|place| *place == cell.place);
        let slot = series
            .get_mut(at)
            .zip(place)
            .and_then(|(series, place)| series.values.get_mut(place))
            .ok_or("a place is not among the places")?;
        if slot.replace(cell.value).is_some() {
            let (series, place) = (&cell.series, &cell.place.name);
            return Err(format!("two figures for {series} at {place}: keep one"));
        }
    }
    Ok((places, series))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(at: f64, series: &str, value: f64) -> Cell {
        Cell {
            place: Place {
                at,
                name: at.to_string(),
            },
            series: series.to_owned(),
            value,
        }
    }

    #[test]
    fn values_find_their_places_and_what_is_missing_stays_empty() {
        let cells = [
            cell(8.0, "a", 3.0),
            cell(1.0, "a", 1.0),
            cell(8.0, "b", 2.0),
        ];
        let (places, series) = arrange(&cells).unwrap();
        let names: Vec<_> = places.iter().map(|place| place.name.as_str()).collect();
        assert_eq!(names, ["1", "8"]);
        let values: Vec<_> = series.iter().map(|series| &series.values[..]).collect();
        assert_eq!(values, [[Some(1.0), Some(3.0)], [None, Some(2.0)]]);
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let twice = arrange(&[cell(1.0, "a", 1.0), cell(1.0, "a", 2.0)]).unwrap_err();
        assert_eq!(twice, "two figures for a at 1: keep one");
        for value in [f64::NAN, f64::INFINITY, -1.0] {
            assert!(arrange(&[cell(1.0, "a", value)]).is_err(), "{value}");
            assert!(arrange(&[cell(value, "a", 1.0)]).is_err(), "{value}");
        }
    }
}
