using DeviceId.Corpora;
using DeviceId.Evaluation;

namespace DeviceId.Reporting;

/// <summary>Heat map of a confusion matrix, its devices sorted by brand and model.</summary>
internal static class ConfusionChart
{
    private const int ManyDevices = 20;
    private const int SmallLetters = 9;

    public static Figure Draw(ConfusionMatrix matrix, string title)
    {
        var devices = matrix.Devices.Select((name, index) => (Name: DeviceName.Parse(name), Index: index))
            .OrderBy(d => d.Name.Brand, StringComparer.OrdinalIgnoreCase).ThenBy(d => d.Name.Model, StringComparer.OrdinalIgnoreCase)
            .ThenBy(d => d.Name.Unit).ToList();
        double Percent(int actual, int predicted) => Math.Round(100.0 * matrix[actual, predicted] / Math.Max(1, matrix.Total(actual)), 1);
        var map = new HeatMapMark(
            [.. devices.Select(actual => devices.Select(predicted => Percent(actual.Index, predicted.Index)).ToArray())])
        {
            Scale = ChartColours.Viridis, Range = (0, 100), Unit = "%",
        };
        var frames = Enumerable.Range(0, devices.Count).GroupBy(i => devices[i].Name.Brand, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Count() > 1).Select(g => Frame(g.First() - 0.5, g.Last() + 0.5));
        var letters = devices.Count > ManyDevices ? SmallLetters : 12;
        var (first, last) = (-0.5, devices.Count - 0.5);
        // Numbers below and numbered names at the side: 45 names do not fit below a chart of 600 pixels.
        var numbers = Axis.OfNames([.. devices.Select((_, i) => $"{i + 1}")], "answer (number of the device)");
        numbers = numbers with { LabelPixels = letters, HasUprightLabels = true, Range = (first, last) };
        var names = Axis.OfNames([.. devices.Select((d, i) => $"{d.Name.Name}  {i + 1}")], "true device");
        names = names with { LabelPixels = letters, Range = (last, first) };
        return new Figure(title, [new Panel(numbers, names, [map, .. frames])], Math.Max(360, 140 + (15 * devices.Count)));
    }

    private static LineMark Frame(double from, double to) => new([from, to, to, from, from], [from, from, to, to, from])
    {
        Colour = ChartColours.Line(1), Width = 1.2, IsData = false,
    };
}
