// SPDX-License-Identifier: MIT
#include "sim/commands/html_report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/commands/html.hpp"
#include "sim/commands/report_picture_text.hpp"
#include "sim/commands/report_pictures.hpp"
#include "sim/commands/report_view.hpp"
#include "sim/core/number_format.hpp"

namespace rmtlab::commands {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_rows = 200, most_failures = 20;
constexpr std::size_t wide_text = 40;  // characters; longer cells wrap, at the right of the table

constexpr const char* style =
    "body{font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;margin:0 auto;"
    "max-width:75rem;padding:1rem}\n"
    "h1{font-size:1.6rem;line-height:1.25}h2{margin-top:2.2rem;border-bottom:1px solid #bbb}\n"
    "pre{background:#f6f6f6;padding:.7rem;overflow-x:auto;font-size:.82rem;line-height:1.35}\n"
    "img{max-width:100%;height:auto}figure{margin:1rem 0}figcaption{color:#333}\n"
    ".state{font-weight:bold}.partial{background:#fff3cd;padding:.4rem .7rem}\n"
    ".key{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.2rem 0}\n"
    ".key b{display:inline-block;width:.9em;height:.9em;margin-right:.35em;vertical-align:-.1em;"
    "print-color-adjust:exact;-webkit-print-color-adjust:exact}\n"
    ".scroll{overflow:auto;max-height:32rem;border:1px solid #bbb}\n"
    "table{border-collapse:collapse;font-size:.82rem}th,td{padding:.15rem .5rem;text-align:left;"
    "border-bottom:1px solid #ddd;white-space:nowrap;vertical-align:top}\n"
    "thead th{position:sticky;top:0;background:#eee}td.number{text-align:right;"
    "font-variant-numeric:tabular-nums}td.wide{white-space:normal;min-width:24rem}\n"
    "@media print{body{max-width:none;font-size:11px}.scroll{max-height:none;overflow:visible}"
    "figure{break-inside:avoid}thead th{position:static}}\n";

std::string section(const std::string& title, const std::string& contents) {
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", escaped(title), contents);
}

std::string paragraph(const std::string& text) { return fmt::format("<p>{}</p>\n", escaped(text)); }

// Rows of (name, value).
std::string facts(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::string text = "<table>\n";
  for (const auto& [name, value] : rows)
    text += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(name),
                        escaped(value));
  return text + "</table>\n";
}

std::string scalar(const ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string scalars(const ordered_json& list) {
  std::vector<std::string> texts;
  for (const auto& value : list) texts.push_back(value == "" ? "\"\"" : scalar(value));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string state_of(const ReportedRun& run) {
  const std::size_t failed = run.failures().size();
  const std::size_t left = run.planned() - run.complete() - failed;
  if (run.finished() && failed == 0)
    return fmt::format("complete: {} of {} tasks done", run.complete(), run.planned());
  if (run.finished())
    return fmt::format("finished with failures: {} of {} tasks done, {} failed", run.complete(),
                       run.planned(), failed);
  return fmt::format("partial: {} of {} tasks done, {} failed, {} left", run.complete(),
                     run.planned(), failed, left);
}

std::string state_section(const ReportedRun& run) {
  std::string text = fmt::format("<p class=\"state{}\">{}</p>\n", run.finished() ? "" : " partial",
                                 escaped("Status: " + state_of(run)));
  if (!run.finished())
    text += paragraph(
        "The run is not finished. Everything below is about the tasks that are done so far; "
        "rmtlab run with --resume does the others.");
  if (run.failures().empty()) return text;
  text += "<ul>\n";
  for (std::size_t i = 0; i < std::min(most_failures, run.failures().size()); ++i)
    text += fmt::format("<li>{}: {}</li>\n", escaped(run.failures()[i].task),
                        escaped(without_folders(run.failures()[i].message)));
  if (run.failures().size() > most_failures)
    text += fmt::format("<li>and {} more</li>\n", run.failures().size() - most_failures);
  return text + "</ul>\n";
}

std::string design_section(const ReportedRun& run) {
  const ordered_json& resolved = run.manifest().at("config").at("resolved");
  std::vector<std::pair<std::string, std::string>> rows{
      {"experiment", run.manifest().at("experiment").get<std::string>()}};
  if (!resolved.contains("sweep")) rows.emplace_back("swept", "nothing: one setting");
  if (resolved.contains("sweep"))
    for (const auto& [key, value] : resolved.at("sweep").items()) {
      if (key != "zip") rows.emplace_back("swept: " + key, scalars(value));
      if (key != "zip") continue;
      for (const auto& [path, values] : value.items())
        rows.emplace_back("swept together: " + path, scalars(values));
    }
  rows.emplace_back("replicates", scalar(run.manifest().at("replicates")));
  rows.emplace_back("tasks", std::to_string(run.planned()));
  rows.emplace_back("rows recorded", std::to_string(run.records().size()));
  for (auto& row : rows) row.second = without_folders(row.second);
  return facts(rows);
}

std::string keys_of(const Picture& picture) {
  std::string text;
  for (const auto& [name, entries] : picture.keys) {
    text += fmt::format("<p>{}:</p>\n<ul class=\"key\">\n", escaped(name));
    for (const KeyEntry& entry : entries) {
      const std::string patch =
          entry.colour.empty() ? "" : fmt::format("<b style=\"background:{}\"></b>", entry.colour);
      const std::string colour =
          entry.colour.empty() ? "" : fmt::format(" ({})", colour_name(entry.colour));
      text += fmt::format("<li>{}{}{}</li>\n", patch, escaped(entry.text), escaped(colour));
    }
    text += "</ul>\n";
  }
  return text;
}

std::string figure_of(const Picture& picture) {
  if (picture.png.empty()) return {};
  return fmt::format(
      "<figure>\n<h3>{}</h3>\n{}<img src=\"{}\" alt=\"{}\">\n<figcaption>{}</figcaption>\n"
      "</figure>\n",
      escaped(picture.title), keys_of(picture), png_address(picture.png), escaped(picture.alt),
      escaped(picture.caption));
}

std::string pictures_section(const ReportedRun& run) {
  const auto views = views_of(run);
  std::string text;
  for (const View& view : views) text += figure_of(draw_view(run, view));
  text += figure_of(draw_spectra(run, views));
  if (text.empty())
    text = paragraph(
        "There are none: no recorded number varies along a swept parameter, and no "
        "eigenvalues are kept.");
  return text;
}

// The configuration as indented lines; lists of scalars on one line.
void append_lines(std::string& text, const ordered_json& object, std::size_t depth) {
  for (const auto& [key, value] : object.items()) {
    text += std::string(2 * depth, ' ') + key + ':';
    if (value.is_object()) {
      text += '\n';
      append_lines(text, value, depth + 1);
    } else if (value.is_array()) {
      text += fmt::format(" [{}]\n", scalars(value));
    } else {
      text += fmt::format(" {}\n", value == "" ? "\"\"" : scalar(value));
    }
  }
}

std::string configuration_section(const ReportedRun& run) {
  const ordered_json& config = run.manifest().at("config");
  std::string text = fmt::format("From {}", config.at("file").get<std::string>());
  if (!config.at("overrides").empty())
    text += " with " + scalars(config.at("overrides")) + " on the command line";
  std::string lines;
  append_lines(lines, config.at("resolved"), 0);
  return paragraph(without_folders(text) + ". Every value, also those by default:") +
         fmt::format("<pre>{}</pre>\n", escaped(without_folders(lines)));
}

std::string provenance_section(const ReportedRun& run) {
  const ordered_json& m = run.manifest();
  std::vector<std::pair<std::string, std::string>> rows;
  const auto add = [&](const std::string& name, const char* pointer) {
    const ordered_json::json_pointer at(pointer);
    if (m.contains(at)) rows.emplace_back(name, scalar(m.at(at)));
  };
  add("seed", "/seed");
  add("configuration (SHA-256)", "/config/sha256");
  add("rmtlab", "/code/version");
  add("commit", "/code/commit");
  if (m.contains(ordered_json::json_pointer("/code/dirty")) && m["code"]["dirty"] == true)
    rows.back().second += " with changes that were not committed";
  add("compiler", "/build/compiler");
  add("build type", "/build/type");
  if (m.contains("libraries"))
    for (const auto& [name, version] : m.at("libraries").items())
      rows.emplace_back(name == "blas_kernel" ? "BLAS kernel" : name, scalar(version));
  add("processor", "/host/cpu");
  add("threads", "/host/threads_used");
  add("system", "/host/os");
  if (m.contains("environment"))
    for (const auto& [name, setting] : m.at("environment").items())
      rows.emplace_back(name, scalar(setting));
  add("started (UTC)", "/started");
  for (const auto& input : m.value("inputs", ordered_json::array()))
    rows.emplace_back("input " + scalar(input.at("file")), "SHA-256 " + scalar(input.at("sha256")));
  for (auto& row : rows) row.second = without_folders(row.second);
  return facts(rows);
}

// Up to `most_rows` row numbers from the first to the last.
std::vector<std::size_t> shown_rows(std::size_t n) {
  const std::size_t count = std::min(n, most_rows);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < count; ++i) rows.push_back(count < 2 ? 0 : i * (n - 1) / (count - 1));
  return rows;
}

struct ColumnLayout {
  std::vector<std::string> narrow, wide;  // in the order of the records
  std::vector<std::string> constant;      // "rows = 784"
};

ColumnLayout layout_of(const core::Table& records) {
  ColumnLayout layout;
  for (const std::string& column : records.columns()) {
    std::size_t longest = 0;
    bool constant = true;
    for (std::size_t row = 0; row < records.size(); ++row) {
      longest = std::max(longest, records.text(row, column).size());
      constant = constant && records.text(row, column) == records.text(0, column);
    }
    if (constant && records.size() > 1 && longest <= wide_text)
      layout.constant.push_back(
          fmt::format("{} = {}", column, longest == 0 ? "not available" : records.text(0, column)));
    else
      (longest > wide_text ? layout.wide : layout.narrow).push_back(column);
  }
  return layout;
}

std::string cell(const std::string& text, bool wide) {
  const auto value = core::parse_number(text);
  if (value && !wide)
    return fmt::format("<td class=\"number\">{}</td>", fmt::format("{:.6g}", *value));
  return fmt::format("<td{}>{}</td>", wide ? " class=\"wide\"" : "", escaped(text));
}

std::string table_of(const core::Table& records, const ColumnLayout& layout) {
  std::string text =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"records\">\n"
      "<table>\n<thead><tr>";
  for (const auto* columns : {&layout.narrow, &layout.wide})
    for (const std::string& column : *columns)
      text += fmt::format("<th scope=\"col\">{}</th>", escaped(column));
  text += "</tr></thead>\n<tbody>\n";
  for (const std::size_t row : shown_rows(records.size())) {
    text += "<tr>";
    for (const std::string& column : layout.narrow) text += cell(records.text(row, column), false);
    for (const std::string& column : layout.wide) text += cell(records.text(row, column), true);
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table>\n</div>\n";
}

std::string records_section(const ReportedRun& run) {
  const core::Table& records = run.records();
  if (records.size() == 0) return paragraph("There are none yet.");
  const ColumnLayout layout = layout_of(records);
  std::string text = records.size() > most_rows
                         ? fmt::format("{} of {} rows, evenly chosen; ", most_rows, records.size())
                         : fmt::format("All {} rows; ", records.size());
  text += "numbers to six digits. ";
  text += run.finished() ? "Every row with every digit is in the file records.csv of the run."
                         : "The file records.csv comes when the run is complete.";
  std::string html = paragraph(text);
  if (!layout.constant.empty())
    html += paragraph(fmt::format("The same in every row: {}.", fmt::join(layout.constant, ", ")));
  if (layout.narrow.empty() && layout.wide.empty()) return html;
  return html + table_of(records, layout);
}

}  // namespace

std::string html_report(const ReportedRun& run) {
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}: {1}</title>\n<style>\n{2}</style>\n</head>\n<body>\n<main>\n"
      "<h1>{1}</h1>\n<p>Run {0}</p>\n",
      escaped(run.name()), escaped(run.question()), style);
  page += state_section(run) + design_section(run);
  page += section("Summary", fmt::format("<pre>{}</pre>\n", escaped(run.summary())));
  page += section("Pictures", pictures_section(run));
  page += section("Configuration", configuration_section(run));
  page += section("Provenance", provenance_section(run));
  page += section("Records", records_section(run));
  return page + "</main>\n</body>\n</html>\n";
}

}  // namespace rmtlab::commands
