using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;

namespace DeviceId.Tests.Notebooks.Referee;

/// <summary>Compares the outputs of two executed copies of a notebook.</summary>
/// <remarks>
/// Not compared: identifiers; progress bars, which show times, and are absent where a result was stored; null, which our engine does not
/// show; text/plain beside other types, which our engine adds; error messages, in which ours has the line.
/// </remarks>
internal static partial class NotebookComparison
{
    /// <summary>A line for each cell with different outputs.</summary>
    public static IReadOnlyList<string> FindDifferences(string own, string referee)
    {
        var (first, second) = (Cells(own), Cells(referee));
        Assert.NotEmpty(first);
        Assert.Equal(first.Select(cell => cell.Source), second.Select(cell => cell.Source));
        return [.. first.Zip(second).Select((pair, i) => Compare(i + 1, Outputs(pair.First), Outputs(pair.Second))).OfType<string>()];
    }

    private static List<Cell> Cells(string path) => [.. NotebookFile.Read(path).CodeCells];

    private static string? Compare(int cell, List<Output> own, List<Output> referee)
    {
        if (own.Count != referee.Count)
            return $"cell {cell}: {own.Count} outputs, in the referee {referee.Count}: {Describe(own)} | {Describe(referee)}";
        var different = own.Zip(referee).FirstOrDefault(pair => !AreEqual(pair.First, pair.Second));
        return different == default ? null : $"cell {cell}: {Describe([different.First])} | {Describe([different.Second])}";
    }

    private static List<Output> Outputs(Cell cell) => [.. cell.Outputs.Where(output => !IsIgnored(output))];

    private static bool IsIgnored(Output output) => output is Output.Data data && data.Mime.Values.Any(value =>
        value.Contains("data-deviceid-progress", StringComparison.Ordinal) || value.Contains("&lt;null&gt;", StringComparison.Ordinal));

    private static bool AreEqual(Output own, Output referee) => (own, referee) switch
    {
        (Output.Stream a, Output.Stream b) => a.Name == b.Name && Normalise(a.Text) == Normalise(b.Text),
        (Output.Error a, Output.Error b) => a.Name == b.Name,
        (Output.Data a, Output.Data b) => a.IsResult == b.IsResult && AreEqual(a.Mime, b.Mime),
        _ => false,
    };

    private static bool AreEqual(IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string> referee) =>
        own.Keys.Where(mime => mime != "text/plain" || referee.ContainsKey(mime)).Union(referee.Keys)
            .All(mime => referee.ContainsKey(mime) && own.ContainsKey(mime) && Normalise(own[mime]) == Normalise(referee[mime]));

    private static string Normalise(string text) => Identifier().Replace(text, "id").Trim();

    private static string Describe(IEnumerable<Output> outputs) => string.Join(", ", outputs.Select(output => output switch
    {
        Output.Data data => string.Join(" ", data.Mime.Select(value => $"{value.Key}: {Cut(value.Value)}")),
        Output.Stream stream => $"{stream.Name}: {Cut(stream.Text)}",
        Output.Error error => $"{error.Name}: {Cut(error.Message)}",
        _ => "",
    }));

    private static string Cut(string text) => text.Length > 300 ? text[..300] + "…" : text;

    [GeneratedRegex(@"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")]
    private static partial Regex Identifier();
}
