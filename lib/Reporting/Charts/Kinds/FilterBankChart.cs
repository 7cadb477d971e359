using DeviceId.Features;

namespace DeviceId.Reporting;

/// <summary>Filter banks side by side: the weight of each filter, relative to its largest, over frequency.</summary>
internal static class FilterBankChart
{
    private const int Columns = 3;
    private const int RowPixels = 150;

    public static Figure Draw(string title, IReadOnlyList<(string Name, FilterResponses Filters)> banks)
    {
        if (banks.Count == 0)
            throw new ArgumentException("There is no filter bank to draw.", nameof(banks));
        var rows = (banks.Count + Columns - 1) / Columns;
        var panels = banks.Select((bank, i) =>
            Draw(bank.Name, bank.Filters, isFirst: i % Columns == 0, isLast: i + Columns >= banks.Count));
        return new Figure(title, [.. panels], rows * RowPixels) { Columns = Math.Min(Columns, banks.Count) };
    }

    private static Panel Draw(string name, FilterResponses filters, bool isFirst, bool isLast)
    {
        double[] kilohertz = [.. filters.BinHertz.Select(hertz => Math.Round(hertz / 1000, 4))];
        var lines = filters.Weights.Select((weights, i) =>
        {
            // Only where the filter is not zero, with a zero at each side: a bank of hundreds of filters stays small.
            var max = Math.Max(weights.Max(), double.Epsilon);
            var (first, last) = Extent(weights);
            var range = Enumerable.Range(first, last - first + 1);
            return (Mark)new LineMark(
                [.. range.Select(bin => kilohertz[bin])], [.. range.Select(bin => Math.Round(weights[bin] / max, 3))])
            {
                Name = $"filter {i + 1}", Colour = ChartColours.Line(i % 2), Width = 1,
            };
        });
        var x = new Axis(isLast ? "frequency (kHz)" : "") { Range = (0, kilohertz[^1]) };
        var y = new Axis(isFirst ? "weight" : "") { Range = (0, 1.05), HasLabels = isFirst };
        return new Panel(x, y, [.. lines]) { Title = $"{name}: {filters.Weights.Count} filters" };
    }

    private static (int First, int Last) Extent(IReadOnlyList<double> weights)
    {
        var used = Enumerable.Range(0, weights.Count).Where(bin => weights[bin] > 0).DefaultIfEmpty(0).ToList();
        return (Math.Max(0, used[0] - 1), Math.Min(weights.Count - 1, used[^1] + 1));
    }
}
