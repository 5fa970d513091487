package dev.zonekeeper.bench;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws {@link PeerFigures} as SVG: a line with a marker of its own for each side. */
final class PeerPlots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;

  /** Of Okabe and Ito; told apart with any kind of colour vision. */
  private static final List<Color> COLORS =
      List.of(
          new Color(0xD55E00),
          new Color(0x0072B2),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0x000000));

  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.CROSS);

  private static final Pattern DECIMALS = Pattern.compile("(\\d\\.\\d\\d)\\d+");

  private PeerPlots() {}

  /** A line: equally many of both, without points that were not measured or are not above 0. */
  record Line(String side, List<Double> inFlight, List<Double> values) {}

  static List<Line> lines(PeerFigures figures, int zones, ToDoubleFunction<PeerRun> figure) {
    List<Line> lines = new ArrayList<>();
    for (String side : figures.sides(zones)) {
      Line line = new Line(side, new ArrayList<>(), new ArrayList<>());
      for (int inFlight : figures.inFlight(zones)) {
        double median = figures.median(side, zones, inFlight, figure);
        if (median > 0) {
          line.inFlight().add((double) inFlight);
          line.values().add(median);
        }
      }
      if (!line.values().isEmpty()) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** Two files for each number of zones. */
  static void write(PeerFigures figures, Path folder) throws IOException {
    System.setProperty("java.awt.headless", "true");
    for (int zones : figures.zones()) {
      String of = zones == 1 ? "1 zone" : zones + " zones";
      draw(
          "Signed updates of " + of + ": throughput",
          "acknowledged updates per second",
          lines(figures, zones, PeerRun::perSecond),
          folder.resolve("peers-throughput-%d.svg".formatted(zones)));
      draw(
          "Signed updates of " + of + ": median latency",
          "milliseconds until acknowledged",
          lines(figures, zones, PeerRun::medianMillis),
          folder.resolve("peers-latency-%d.svg".formatted(zones)));
    }
  }

  private static void draw(String title, String unit, List<Line> lines, Path file)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("updates in flight")
            .yAxisTitle(unit)
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setMarkerSize(9);
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      XYSeries series = chart.addSeries(line.side(), line.inFlight(), line.values());
      series.setLineColor(COLORS.get(i % COLORS.size()));
      series.setMarkerColor(COLORS.get(i % COLORS.size()));
      series.setMarker(MARKERS.get(i % MARKERS.size()));
      series.setLineStyle(new BasicStroke(2));
    }
    VectorGraphics2D graphics = new VectorGraphics2D();
    chart.paint(graphics, WIDTH, HEIGHT);
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    Processors.get("svg")
        .getDocument(graphics.getCommands(), new PageSize(WIDTH, HEIGHT))
        .writeTo(drawn);
    Files.writeString(file, rounded(drawn.toString(StandardCharsets.UTF_8)));
  }

  /** Hundredths of a pixel are enough. */
  static String rounded(String svg) {
    return DECIMALS.matcher(svg).replaceAll("$1");
  }
}
