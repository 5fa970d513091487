package dev.zonekeeper.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * Lines over two logarithmic axes, as SVG: each side has a colour, a dash and a mark of its own.
 */
final class SvgPlot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 380;
  private static final int LEFT = 80;
  private static final int TOP = 44;
  private static final int RIGHT = 190;
  private static final int BOTTOM = 56;

  /** Okabe and Ito's, which people with any kind of colour vision tell apart. */
  private static final List<String> COLOURS =
      List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9");

  private static final List<String> DASHES = List.of("", "7 4", "2 3", "9 3 2 3", "4 2", "1 2");

  private final Plot plot;
  private final Map<String, SortedMap<Double, Double>> lines;
  private final Axis across;
  private final Axis up;
  private final StringBuilder svg = new StringBuilder();

  /** A logarithmic axis from a power of ten, or of two, to another. */
  private record Axis(double low, double high) {
    double share(double value) {
      return Math.log(value / low) / Math.log(high / low);
    }
  }

  private SvgPlot(Plot plot, Map<String, SortedMap<Double, Double>> lines) {
    this.plot = plot;
    this.lines = lines;
    List<Double> places = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    lines
        .values()
        .forEach(line -> {
          places.addAll(line.keySet());
          line.values().stream().filter(value -> value > 0).forEach(values::add);
        });
    this.across =
        new Axis(
            places.stream().min(Double::compare).orElse(1.0) / 1.3,
            places.stream().max(Double::compare).orElse(2.0) * 1.3);
    this.up =
        new Axis(
            powerOfTen(values.stream().min(Double::compare).orElse(1.0), false),
            powerOfTen(values.stream().max(Double::compare).orElse(10.0), true));
  }

  /**
   * Draws it.
   *
   * @param lines for each side its points; values of 0 have no place on a logarithmic axis
   */
  static String of(Plot plot, Map<String, SortedMap<Double, Double>> lines) {
    return new SvgPlot(plot, lines).draw();
  }

  private static double powerOfTen(double value, boolean above) {
    double exponent = Math.log10(value);
    double whole = above ? Math.ceil(exponent + 1e-9) : Math.floor(exponent - 1e-9);
    return Math.pow(10, whole);
  }

  private String draw() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
            + " font-family=\"sans-serif\" font-size=\"13\">",
        LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM);
    add("<title>%s</title>", plot.title());
    add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
    text(LEFT, 24, "start", plot.title(), "font-size=\"17\" font-weight=\"bold\"");
    grid();
    int number = 0;
    for (Map.Entry<String, SortedMap<Double, Double>> line : lines.entrySet()) {
      line(number, line.getKey(), line.getValue());
      number++;
    }
    return svg.append("</svg>\n").toString();
  }

  private void grid() {
    for (double value = up.low; value <= up.high * 1.001; value *= 10) {
      for (int step = 1; step < 10 && value * step <= up.high * 1.001; step++) {
        double y = y(value * step);
        String colour = step == 1 ? "#bbbbbb" : "#eeeeee";
        add(
            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\"/>",
            LEFT, y, LEFT + WIDTH, y, colour);
      }
      text(LEFT - 8, y(value) + 4, "end", number(value), "");
    }
    lines.values().stream()
        .flatMap(line -> line.keySet().stream())
        .distinct()
        .sorted()
        .forEach(place -> {
          add(
              "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#bbbbbb\"/>",
              x(place), TOP, x(place), TOP + HEIGHT);
          text(x(place), TOP + HEIGHT + 18, "middle", number(place), "");
        });
    text(LEFT + WIDTH / 2.0, TOP + HEIGHT + 42, "middle", plot.across(), "");
    text(
        18,
        TOP + HEIGHT / 2.0,
        "middle",
        plot.up(),
        String.format(Locale.ROOT, "transform=\"rotate(-90 18 %.1f)\"", TOP + HEIGHT / 2.0));
  }

  private void line(int number, String side, SortedMap<Double, Double> points) {
    String colour = COLOURS.get(number % COLOURS.size());
    StringBuilder path = new StringBuilder();
    points.forEach((place, value) -> {
      if (value > 0) {
        path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(place), y(value)));
      }
    });
    String style =
        "stroke=\"%s\" stroke-width=\"2.2\" fill=\"none\" stroke-dasharray=\"%s\""
            .formatted(colour, DASHES.get(number % DASHES.size()));
    add("<polyline points=\"%s\" %s/>", path.toString().strip(), style);
    points.forEach((place, value) -> {
      if (value > 0) {
        mark(number, colour, x(place), y(value), side + ": " + number(value));
      }
    });
    double y = TOP + 14 + 24.0 * number;
    add(
        "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" %s/>",
        LEFT + WIDTH + 14, y, LEFT + WIDTH + 48, y, style);
    mark(number, colour, LEFT + WIDTH + 31, y, side);
    text(LEFT + WIDTH + 56, y + 4, "start", side, "");
  }

  private void mark(int number, String colour, double x, double y, String says) {
    String shape =
        switch (number % 4) {
          case 0 -> String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"", x, y);
          case 1 ->
              String.format(
                  Locale.ROOT,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\"",
                  x - 4,
                  y - 4);
          case 2 -> polygon(x, y, 0, -5.5, 5, 4, -5, 4);
          default -> polygon(x, y, 0, -5.5, 5.5, 0, 0, 5.5, -5.5, 0);
        };
    add(
        "%s fill=\"%s\"><title>%s</title></%s>",
        shape, colour, says, shape.substring(1, shape.indexOf(' ')));
  }

  private static String polygon(double x, double y, double... corners) {
    StringBuilder points = new StringBuilder("<polygon points=\"");
    for (int i = 0; i < corners.length; i += 2) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x + corners[i], y + corners[i + 1]));
    }
    return points.toString().strip() + "\"";
  }

  private double x(double place) {
    return LEFT + WIDTH * across.share(place);
  }

  private double y(double value) {
    return TOP + HEIGHT * (1 - up.share(value));
  }

  private static String number(double value) {
    return value >= 10 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.3g", value).replaceAll("0+$", "");
  }

  private void text(double x, double y, String anchor, String words, String more) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>", x, y, anchor, more, words);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
