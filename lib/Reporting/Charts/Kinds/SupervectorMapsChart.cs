using DeviceId.Data;
using static TorchSharp.torch;

namespace DeviceId.Reporting;

/// <summary>
/// Supervectors as maps (coefficient, component): for each phone its first sample, and beside it the mean of all its samples, in which the
/// words cancel and the phone remains.
/// </summary>
internal static class SupervectorMapsChart
{
    private const int RowPixels = 210;

    /// <summary>The colours end at this share of the absolute values: a few large ones would leave all others pale.</summary>
    private const double Shown = 0.98;

    public static Figure Draw(string title, DeviceDataset samples, IReadOnlyList<string> devices, int components)
    {
        using var scope = NewDisposeScope();
        var maps = devices.SelectMany(device => Maps(samples, device, components)).ToList();
        var sizes = maps.SelectMany(map => map.Values.SelectMany(row => row)).Select(Math.Abs).Order().ToList();
        var limit = sizes[(int)(Shown * (sizes.Count - 1))];
        var panels = maps.Select((map, i) =>
        {
            var (isFirst, isLast) = (i % 2 == 0, i >= maps.Count - 2);
            var mark = new HeatMapMark(map.Values)
            {
                Scale = ChartColours.BlueWhiteOrange, Range = (-limit, limit), HasScale = false,
            };
            var x = new Axis(isLast ? "Gaussian component" : "") { HasGrid = false, HasLabels = isLast };
            var y = new Axis(isFirst ? "coefficient" : "") { HasGrid = false, HasLabels = isFirst };
            return new Panel(x, y, [mark]) { Title = map.Title };
        });
        return new Figure(title, [.. panels], devices.Count * RowPixels) { Columns = 2 };
    }

    private static IEnumerable<(string Title, double[][] Values)> Maps(DeviceDataset samples, string device, int components)
    {
        var label = samples.Devices.ToList().IndexOf(device);
        var own = samples.Supervectors.index_select(0, samples.Labels.eq(label).nonzero().flatten().to(samples.Supervectors.device));
        yield return ($"{device}: one second", Rows(own[0], components));
        yield return ($"{device}: mean of its {own.shape[0]} samples", Rows(own.mean([0]), components));
    }

    private static double[][] Rows(Tensor supervector, int components)
    {
        var map = supervector.reshape(components, -1).t().to(ScalarType.Float64, CPU).contiguous();
        return [.. map.data<double>().Select(value => Math.Round(value, 3)).Chunk(components)];
    }
}
