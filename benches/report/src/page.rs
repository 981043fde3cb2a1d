//! The page: every chart with where it is from, and its figures in a table.

use std::fmt::Write as _;

use crate::chart::Chart;
use crate::svg;
use crate::words::{escaped, number};

const STYLE: &str = "\
:root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#555b64;--rule:#c9ced6;--link:#0b5fa5}\
@media(prefers-color-scheme:dark){\
:root{--page:#14171b;--ink:#e8eaed;--soft:#b4b8bf;--rule:#4a5058;--link:#6db3f2}}\
body{margin:0 auto;padding:1rem;max-width:50rem;background:var(--page);color:var(--ink);\
font:16px/1.5 system-ui,sans-serif}\
a{color:var(--link)}\
section{margin:2.5rem 0}\
figure{margin:0}\
figure svg{display:block;width:100%;height:auto}\
figcaption,.note{color:var(--soft);font-size:.9rem}\
code{overflow-wrap:anywhere}\
.wide{overflow-x:auto;margin-top:.75rem}\
table{background:var(--page);border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}\
caption{text-align:start;color:var(--soft)}\
th,td{padding:.2rem .75rem .2rem 0;text-align:end;border-bottom:1px solid var(--rule)}\
th[scope=row],thead th:first-child{text-align:start;font-weight:600}\
@media print{figure{break-inside:avoid}}";

/// One file: it fetches nothing and runs nothing, and says so to the browser.
pub(crate) fn html(charts: &[Chart]) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>What flowseal costs</title>\n<style>{STYLE}{}</style>\n</head>\n<body>\n<main>\n\
         <h1>What flowseal costs</h1>\n\
         <p>Each picture names the command that measured it, the processor and the day. \
         Times depend on the processor and on what else it had to do: compare within a picture.</p>\n\
         <nav aria-label=\"Pictures\">\n<ul>\n",
        svg::STYLE
    );
    for chart in charts {
        let (key, title) = (escaped(&chart.key), escaped(&chart.title));
        let _ = writeln!(page, "<li><a href=\"#{key}\">{title}</a></li>");
    }
    page.push_str("</ul>\n</nav>\n");
    for chart in charts {
        figure(&mut page, chart);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn figure(page: &mut String, chart: &Chart) {
    let (key, title) = (escaped(&chart.key), escaped(&chart.title));
    let source = &chart.source;
    let _ = write!(
        page,
        "<section id=\"{key}\" aria-labelledby=\"{key}-head\">\n<h2 id=\"{key}-head\">{title}</h2>\n\
         <figure>\n{}\n<figcaption><code>{}</code> · {} · {}</figcaption>\n</figure>\n",
        svg::part(chart),
        escaped(&source.command),
        escaped(&source.processor),
        escaped(&source.date),
    );
    if !source.note.is_empty() {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escaped(&source.note));
    }
    table(page, chart);
    page.push_str("</section>\n");
}

/// What does not fit a narrow screen is scrolled by itself, and by the keyboard too.
fn table(page: &mut String, chart: &Chart) {
    let (up, across) = (escaped(chart.up), escaped(chart.across));
    let _ = write!(
        page,
        "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"Figures: {}\">\n<table>\n\
         <caption>{up}</caption>\n<thead>\n<tr><th scope=\"col\">{across}</th>",
        escaped(&chart.title),
    );
    for series in &chart.series {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escaped(&series.name));
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for (at, place) in chart.places.iter().enumerate() {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", escaped(&place.name));
        for series in &chart.series {
            let value = series.values.get(at).copied().flatten();
            let value = value.map_or_else(|| "not measured".to_owned(), number);
            let _ = write!(page, "<td>{value}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::charts;
    use crate::data::Data;

    const RECORDED: &str = include_str!("../recorded.json");
    const PICTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

    fn recorded() -> Data {
        serde_json::from_str(RECORDED).unwrap()
    }

    #[test]
    fn each_picture_says_what_measured_it_where_and_when() {
        let data = recorded();
        let page = html(&charts::all(&data).unwrap());
        for section in &data.sections {
            for words in [&section.command, &section.processor, &section.date] {
                assert!(page.contains(&escaped(words)), "{words}");
            }
        }
        let count = |part: &str| page.matches(part).count();
        assert!(count("<svg ") >= 5);
        for part in ["<table>", "<figcaption>", "<desc ", "<caption>"] {
            assert_eq!(count("<svg "), count(part), "{part}");
        }
    }

    #[test]
    fn the_page_fetches_nothing_runs_nothing_and_names_nothing_twice() {
        let page = html(&charts::all(&recorded()).unwrap());
        for part in [
            "<script", "http:", "https:", " src=", "url(", "@import", "<link",
        ] {
            assert!(!page.contains(part), "{part}");
        }
        let ids = page.split(" id=\"").skip(1);
        let ids: Vec<_> = ids.filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        assert_eq!(ids.into_iter().collect::<BTreeSet<_>>().len(), all);
    }

    #[test]
    fn what_a_data_file_says_makes_no_markup() {
        let hostile = RECORDED.replace("aws-lc-rs", "<script>\\\"&");
        let data = serde_json::from_str(&hostile).unwrap();
        let charts = charts::all(&data).unwrap();
        let page = html(&charts) + &svg::picture(&charts[0]);
        assert!(page.contains("&lt;script&gt;&quot;&amp;"));
        assert!(!page.contains("<script"));
    }

    /// Whoever changes the drawing or the figures draws them anew, as `main` says.
    #[test]
    fn the_pictures_of_the_readme_are_drawn_from_the_recorded_figures() {
        let readme = std::fs::read_to_string(format!("{PICTURES}/../README.md")).unwrap();
        let mut shown = 0;
        for chart in charts::all(&recorded()).unwrap() {
            let name = format!("docs/{}.svg", chart.key);
            if readme.contains(&name) {
                let file = format!("{PICTURES}/{}.svg", chart.key);
                let there = std::fs::read_to_string(file).unwrap();
                assert_eq!(there, svg::picture(&chart), "{name}");
                let source = &chart.source;
                for words in [&source.command, &source.processor, &source.date] {
                    assert!(there.contains(&escaped(words)), "{name}: {words}");
                }
                shown += 1;
            }
        }
        assert_eq!(shown, 2);
    }
}
