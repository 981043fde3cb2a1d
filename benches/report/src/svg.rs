//! A chart as SVG, by itself or in a page.

use std::fmt::Write as _;

use crate::chart::{Chart, Shape};
use crate::words::{escaped, number};

/// Colours that differ in lightness too, each with a contrast of 3 and more to what is behind it:
/// first on white, then on nearly black. A series is its colour, its place and, on a line, its
/// mark.
pub(crate) const STYLE: &str = "\
.chart{--back:#fff;--ink:#1b1f24;--rule:#c9ced6;\
--c0:#0b5fa5;--c1:#c2511a;--c2:#1b7f4f;--c3:#7a3fb0;--c4:#6b6f76;--c5:#a3206e;--c6:#7d6200;--c7:#00707a}\
@media(prefers-color-scheme:dark){\
.chart{--back:#14171b;--ink:#e8eaed;--rule:#4a5058;\
--c0:#6db3f2;--c1:#f0955b;--c2:#5fd39a;--c3:#c39bf0;--c4:#b4b8bf;--c5:#f07fc0;--c6:#e0c04d;--c7:#4fc7d3}}\
.chart text{font:13px system-ui,sans-serif;fill:var(--ink)}\
.chart .title{font-size:16px;font-weight:600}\
.chart .source{font-size:12px}\
.chart .back{fill:var(--back)}\
.chart .rule{stroke:var(--rule);stroke-width:1}\
.chart .axis{stroke:var(--ink);stroke-width:1}\
.chart .line{fill:none;stroke-width:2}";

/// How many colours there are: further series begin again.
const COLOURS: usize = 8;

const WIDTH: f64 = 760.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 64.0;
const HEIGHT: f64 = 260.0;
/// From one line of the legend to the next.
const LINE: f64 = 22.0;

/// A file of its own, which follows the reader's light or dark and says where its figures are from.
pub(crate) fn picture(chart: &Chart) -> String {
    let style = format!("<style>{STYLE}</style>");
    format!(
        "{}\n",
        drawn(chart, "xmlns=\"http://www.w3.org/2000/svg\" ", &style)
    )
}

/// A part of a page that has the style already.
pub(crate) fn part(chart: &Chart) -> String {
    drawn(chart, "", "")
}

/// What is seen, in a sentence.
pub(crate) fn description(chart: &Chart) -> String {
    let kind = match chart.shape {
        Shape::Bars => "Bars",
        Shape::Lines => "Lines",
    };
    let mut text = format!("{kind}: {} by {}.", chart.up, chart.across);
    for series in &chart.series {
        let values = series.values.iter().zip(&chart.places);
        let values = values.filter_map(|(value, place)| {
            let value = number((*value)?);
            Some(format!("{value} at {}", place.name))
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let _ = write!(text, " {}: {values}.", series.name);
    }
    text
}

fn drawn(chart: &Chart, attributes: &str, style: &str) -> String {
    let legend = legend(chart);
    let source = if style.is_empty() { 0.0 } else { 44.0 };
    let height = TOP + HEIGHT + 60.0 + legend.1 + source;
    let key = escaped(&chart.key);
    let mut svg = format!(
        "<svg {attributes}class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"{key}-title {key}-desc\">\n\
         <title id=\"{key}-title\">{}</title>\n<desc id=\"{key}-desc\">{}</desc>\n{style}\
         <rect class=\"back\" width=\"{WIDTH}\" height=\"{height}\"/>\n",
        escaped(&chart.title),
        escaped(&description(chart)),
    );
    let scale = Scale::up_to(chart.greatest());
    text(&mut svg, 16.0, 26.0, "class=\"title\"", &chart.title);
    text(&mut svg, 16.0, 50.0, "", chart.up);
    for step in &scale.steps {
        let y = scale.y(*step);
        let _ = writeln!(
            svg,
            "<line class=\"rule\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>",
            WIDTH - RIGHT
        );
        let words = number(*step);
        text(&mut svg, LEFT - 8.0, y + 4.5, "text-anchor=\"end\"", &words);
    }
    match chart.shape {
        Shape::Bars => bars(&mut svg, chart, &scale),
        Shape::Lines => lines(&mut svg, chart, &scale),
    }
    let floor = TOP + HEIGHT;
    let _ = writeln!(
        svg,
        "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{floor}\" y2=\"{floor}\"/>",
        WIDTH - RIGHT
    );
    let middle = (LEFT + WIDTH - RIGHT) / 2.0;
    text(
        &mut svg,
        middle,
        floor + 42.0,
        "text-anchor=\"middle\"",
        chart.across,
    );
    svg.push_str(&legend.0);
    if !style.is_empty() {
        let source = &chart.source;
        let measured = format!("{} · {}", source.processor, source.date);
        for (line, up) in [(&source.command, 30.0), (&measured, 12.0)] {
            text(&mut svg, 16.0, height - up, "class=\"source\"", line);
        }
    }
    svg.push_str("</svg>");
    svg
}

fn bars(svg: &mut String, chart: &Chart, scale: &Scale) {
    let (places, series) = (amount(chart.places.len()), amount(chart.series.len()));
    let group = (WIDTH - LEFT - RIGHT) / places;
    let bar = (group * 0.8 / series).min(72.0);
    for (at, place) in chart.places.iter().enumerate() {
        let middle = LEFT + group * (amount(at) + 0.5);
        let floor = TOP + HEIGHT + 20.0;
        text(svg, middle, floor, "text-anchor=\"middle\"", &place.name);
        for (number_of, series) in chart.series.iter().enumerate() {
            let Some(value) = series.values.get(at).copied().flatten() else {
                continue;
            };
            let x = middle + bar * (amount(number_of) - amount(chart.series.len()) / 2.0);
            let y = scale.y(value);
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" {}/>",
                bar - 2.0,
                TOP + HEIGHT - y,
                fill(number_of)
            );
            // Where bars are too narrow for their figures, the table beneath has them.
            if bar >= 36.0 {
                let middle = x + bar / 2.0 - 1.0;
                text(
                    svg,
                    middle,
                    y - 4.0,
                    "text-anchor=\"middle\"",
                    &number(value),
                );
            }
        }
    }
}

fn lines(svg: &mut String, chart: &Chart, scale: &Scale) {
    let far = chart.places.last().map_or(1.0, |place| place.at);
    let width = WIDTH - LEFT - RIGHT - 24.0;
    let x = |at: f64| LEFT + width * at / far.max(f64::MIN_POSITIVE);
    let mut last = f64::NEG_INFINITY;
    for place in &chart.places {
        // Names that would lie on each other are left to the table.
        let half = 4.0 * amount(place.name.len()) + 3.0;
        let x = x(place.at);
        if x - half > last {
            last = x + half;
            let floor = TOP + HEIGHT + 20.0;
            text(svg, x, floor, "text-anchor=\"middle\"", &place.name);
        }
    }
    for (number_of, series) in chart.series.iter().enumerate() {
        let points = chart.places.iter().zip(&series.values);
        let points = points.filter_map(|(place, value)| Some((x(place.at), scale.y((*value)?))));
        let points: Vec<_> = points.collect();
        let path: Vec<_> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let colour = number_of % COLOURS;
        let _ = writeln!(
            svg,
            "<polyline class=\"line\" style=\"stroke:var(--c{colour})\" points=\"{}\"/>",
            path.join(" ")
        );
        for (x, y) in points {
            mark(svg, number_of, x, y);
        }
    }
}

/// Series of lines differ by their marks, too: a disc, a square, a triangle, a diamond.
fn mark(svg: &mut String, series: usize, x: f64, y: f64) {
    let fill = fill(series);
    let _ = match series % 4 {
        0 => writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" {fill}/>"),
        1 => writeln!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\" {fill}/>",
            x - 4.5,
            y - 4.5
        ),
        2 => writeln!(svg, "<path d=\"M{x:.1} {:.1}l6 11h-12z\" {fill}/>", y - 6.5),
        _ => writeln!(
            svg,
            "<path d=\"M{x:.1} {:.1}l6 6-6 6-6-6z\" {fill}/>",
            y - 6.0
        ),
    };
}

/// The names of the series, and how high they are.
fn legend(chart: &Chart) -> (String, f64) {
    let mut svg = String::new();
    let (mut x, mut y) = (LEFT, TOP + HEIGHT + 72.0);
    for (number_of, series) in chart.series.iter().enumerate() {
        // As wide as wide letters would be: fonts differ.
        let wide = 34.0 + 7.6 * amount(series.name.chars().count());
        if x + wide > WIDTH - RIGHT && x > LEFT {
            x = LEFT;
            y += LINE;
        }
        match chart.shape {
            Shape::Lines => mark(&mut svg, number_of, x + 6.0, y - 5.0),
            Shape::Bars => {
                let fill = fill(number_of);
                let top = y - 11.0;
                let _ = writeln!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"12\" height=\"12\" {fill}/>"
                );
            }
        }
        text(&mut svg, x + 18.0, y, "", &series.name);
        x += wide;
    }
    (svg, y - TOP - HEIGHT - 60.0 + 12.0)
}

fn fill(series: usize) -> String {
    format!("style=\"fill:var(--c{})\"", series % COLOURS)
}

fn text(svg: &mut String, x: f64, y: f64, attributes: &str, words: &str) {
    let words = escaped(words);
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" {attributes}>{words}</text>"
    );
}

/// From nothing to a round number that is above the greatest value.
struct Scale {
    steps: Vec<f64>,
    top: f64,
}

impl Scale {
    fn up_to(greatest: f64) -> Self {
        let greatest = if greatest > 0.0 { greatest } else { 1.0 };
        let power = 10.0_f64.powf((greatest / 5.0).log10().floor());
        let fits = |step: &f64| greatest / step <= 5.5;
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        let step = steps.into_iter().find(fits).unwrap_or(greatest);
        // The figure of the highest bar stands above it.
        let count = (greatest / step * 1.05).ceil().max(1.0);
        let steps = (0_u32..).map(f64::from).take_while(|at| *at <= count);
        Self {
            steps: steps.map(|at| at * step).collect(),
            top: count * step,
        }
    }

    fn y(&self, value: f64) -> f64 {
        TOP + HEIGHT * (1.0 - value / self.top)
    }
}

fn amount(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_few_round_steps_and_room_for_the_greatest() {
        for (greatest, top, steps) in [
            (0.0, 1.2, 7),
            (1.0, 1.2, 7),
            (95.0, 100.0, 6),
            (101.0, 120.0, 7),
            (7246.0, 8000.0, 5),
            (0.3, 0.4, 5),
        ] {
            let scale = Scale::up_to(greatest);
            assert!(
                (scale.top - top).abs() < 1e-9 * top,
                "{greatest}: {}",
                scale.top
            );
            assert!(scale.steps.len() <= steps, "{greatest}: {:?}", scale.steps);
            assert!((scale.y(0.0) - TOP - HEIGHT).abs() < 1e-9);
            assert!(scale.y(greatest) >= TOP - 1e-9);
        }
    }

    /// The colours of a scheme, by name.
    fn colours(scheme: &str) -> Vec<(&str, [f64; 3])> {
        let variables = scheme
            .split("--")
            .skip(1)
            .filter_map(|part| part.split_once(":#"));
        let channel = |hex: &str, at: usize| {
            let wide = if hex.len() == 3 { 1 } else { 2 };
            let digits = hex[at * wide..(at + 1) * wide].repeat(3 - wide);
            let value = f64::from(u8::from_str_radix(&digits, 16).unwrap()) / 255.0;
            // WCAG 2.2, relative luminance.
            match value <= 0.04045 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        let colour = |(name, rest): (_, &str)| {
            let hex: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            (name, [0, 1, 2].map(|at| channel(&hex, at)))
        };
        variables.map(colour).collect()
    }

    #[test]
    fn text_and_series_stand_out_from_what_is_behind_them() {
        let (light, dark) = STYLE.split_once("@media").unwrap();
        for scheme in [light, dark.split_once("}}").unwrap().0] {
            let colours = colours(scheme);
            let luminance =
                |[red, green, blue]: [f64; 3]| 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
            let back = luminance(colours[0].1);
            assert_eq!((colours[0].0, colours.len()), ("back", COLOURS + 3));
            for (name, colour) in &colours[1..] {
                let (one, other) = (luminance(*colour), back);
                let contrast = (one / other).max(other / one);
                // WCAG 2.2, 1.4.3 and 1.4.11; rules only guide the eye.
                let least = match *name {
                    "ink" => 7.0,
                    "rule" => 1.2,
                    _ => 3.0,
                };
                assert!(contrast >= least, "{name}: {contrast:.2}");
            }
        }
    }
}
