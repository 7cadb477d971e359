using DeviceId.Evaluation;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

/// <summary>One figure of each kind.</summary>
internal static class ExampleFigures
{
    public const string Title = "What is drawn";

    private static readonly Series Falling = new("falling", [1, 10, 100], [3, 0.3, 0.03]) { Band = ([2, 0.2, 0.02], [4, 0.4, 0.04]) };

    private static readonly Series Rising = new("rising", [1, 10, 100], [0.1, 0.2, 2]);

    private static readonly string[] Rows = ["one", "two", "three", "four"];

    public static readonly IReadOnlyDictionary<string, Figure> All = new Dictionary<string, INotebookValue>
    {
        ["lines"] = Charts.Lines(Title, "x (s)", "y (dB)", [Falling, Rising]),
        ["lines on logarithmic axes"] =
            Charts.Lines(Title, "x (Hz)", "loss (nats)", [Falling, Rising], logX: true, logY: true),
        ["many lines"] = Charts.Lines(Title, "epoch", "loss (nats)",
            [.. Enumerable.Range(1, 8).Select(i => Falling with { Name = $"net {i}" })], logY: true),
        ["strips"] = Charts.Strips(Title, "time (s)", "amplitude", [Falling, Rising]),
        ["heat map"] = Charts.HeatMap(Title, "frame", "coefficient", [[0, 1, 2], [3, 4, 5]], x: [10, 20, 30]),
        ["signed heat map"] = Charts.HeatMap(Title, "frame", "coefficient", [[1, -2], [3, 4]], signed: true),
        ["accuracies"] = Charts.Accuracies(Title, [("a", new(9, 10)), ("b", new(5, 10))], chance: 0.1),
        ["ranking"] = Charts.Ranking(Title, "accuracy (%)", Rows, [Intervals("segments", 90), Intervals("recordings", 95)]),
        ["dumbbells"] = RankingChart.Figure(Title, RankingChart.Dumbbells(new Axis("accuracy (%)"), ["one", "two"],
            new Series("half", [0, 1], [80, 85]), new Series("all", [0, 1], [90, 84]))),
        ["trade-off"] = Charts.Tradeoff(Title, "time (ms)", [("fast", 0.1, 80, 2, 2), ("slow", 20, 90, 1, 1)]),
        ["confusion"] = Charts.Confusion(
            new ConfusionMatrix(["P20", "P20(1)", "X6"], Enumerable.Range(0, 3).Select(i => new Answer("r", 0, 1, i, i))), Title),
        ["reliability"] = ReliabilityChart.Draw(Title,
            [ReliabilityChart.Line("deep", [(0.2, false), (0.55, true), (0.9, true), (0.9, false)])]),
        ["empty"] = Charts.Lines(Title, "x", "y", []),
    }.ToDictionary(kind => kind.Key, kind => (Figure)kind.Value);

    /// <summary>Values that rise by one from row to row, with intervals.</summary>
    public static IntervalSeries Intervals(string name, double first) =>
        new(name, [.. Rows.Select((_, i) => first + i)], [.. Rows.Select(_ => 0.5)], [.. Rows.Select(_ => 0.7)]);
}
