using System.Text.Json;
using System.Text.RegularExpressions;
using DeviceId.Audio;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

public sealed partial class IdentificationDocumentTests
{
    /// <summary>Everything that can be absent is there, so that every field is written.</summary>
    internal static IdentificationRecord Sample { get; } = new(
        "/a/b.wav", "2", new string('e', 64), 3.5, 44_100,
        new AudioFileInfo("WAV", "PCM", false, "16-bit integer", 44_100, 2, 1, "DeviceId 0.1.0")
        {
            FileBytes = 1044, BytesClaimed = 1000, BytesPresent = 990, BytesUsed = 988, Hash = new string('e', 64),
            Complaints = ["overread"], Warnings = ["The file is cut short."], Channel = "channel 2 of 2",
        },
        "phone", 0.05, 0.01, [new Candidate("phone", 0.75), new Candidate("other", 0.25)], [new DeviceComparison("phone", 0.5, 2.5)],
        "other", -1.5, [new SplicedSegment("phone", 0, 3.5)], [new Candidate("phone", 0.9)], 0.96, ["rate"], ["Mind the rate."],
        new string('f', 64), new string('d', 64), "0.1.0");

    private static string Documentation => File.ReadAllText(Path.Combine(TestPaths.Root, "docs", "identify-json.md"));

    [Fact]
    public void EveryFieldOfTheJsonIsDocumentedAndEveryDocumentedFieldIsWritten()
    {
        using var json = JsonDocument.Parse(Document(Sample).ToJson());
        var written = new SortedSet<string>(StringComparer.Ordinal);
        Collect(json.RootElement, "", written);
        Assert.True(written.Count > 50, $"only {written.Count} fields");
        Assert.Equal(written, DocumentedRows("## JSON").Select(row => row.Name).Order(StringComparer.Ordinal));
        Assert.Contains(IdentificationDocument.CurrentSchema, Documentation, StringComparison.Ordinal);
        Assert.Equal(IdentificationDocument.CurrentSchema, json.RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public void EveryDocumentedTypeIsTheTypeThatIsWritten()
    {
        using var json = JsonDocument.Parse(Document(Sample).ToJson());
        Assert.All(DocumentedRows("## JSON"), row =>
        {
            var value = row.Name.Split('.').Aggregate(json.RootElement, (element, name) => name.EndsWith("[]", StringComparison.Ordinal)
                ? element.GetProperty(name[..^2])[0] : element.GetProperty(name));
            var type = value.ValueKind switch
            {
                JsonValueKind.String => "text",
                JsonValueKind.Number => row.Type.StartsWith("integer", StringComparison.Ordinal) && value.TryGetInt64(out _)
                    ? "integer" : "number",
                JsonValueKind.True or JsonValueKind.False => "true",
                JsonValueKind.Array => "array",
                _ => "object",
            };
            Assert.True(row.Type.StartsWith(type, StringComparison.Ordinal), $"{row.Name}: documented {row.Type}, written {type}");
        });
    }

    [Fact]
    public void TheColumnsOfTheCsvAreThoseDocumentedInOrder()
    {
        Assert.Equal(IdentificationRecord.Columns, DocumentedRows("## CSV").Select(row => row.Name));
        var rows = Rows(Document(Sample).ToCsv());
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Equal(IdentificationRecord.Columns.Length, row.Length));
        string Cell(int row, string column) => rows[row][Array.IndexOf(IdentificationRecord.Columns, column)];
        Assert.Equal(("other", "-1.5", "2.5"), (Cell(1, "asked"), Cell(1, "asked_ln_ratio"), Cell(1, "ln_ratio")));
        Assert.Equal(("WAV", "PCM", "2", "channel 2 of 2"),
            (Cell(1, "container"), Cell(1, "codec"), Cell(1, "channels"), Cell(1, "channel")));
        Assert.Equal(("1000", "990", "988", "DeviceId 0.1.0", "1"), (Cell(1, "bytes_claimed"), Cell(1, "bytes_present"),
            Cell(1, "bytes_used"), Cell(1, "decoder"), Cell(1, "complaints")));
        Assert.Equal(("broken.wav", "", "no sound"), (Cell(2, "file"), Cell(2, "answer"), Cell(2, "failure")));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("-2.5", "-2.5")]
    [InlineData("+49", "+49")]
    [InlineData("phone = red", "phone = red")]
    [InlineData("", "")]
    public void ACellThatASpreadsheetWouldRunIsNeutralised(string device, string cell)
    {
        var csv = Document(Sample with { Asked = device }).ToCsv();
        Assert.Equal(cell, Rows(csv)[1][Array.IndexOf(IdentificationRecord.Columns, "asked")]);
        using var json = JsonDocument.Parse(Document(Sample with { Asked = device }).ToJson());
        Assert.Equal(device, json.RootElement.GetProperty("answers")[0].GetProperty("asked").GetString());
    }

    [Fact]
    public void ADocumentIsReadBackAndRecognised()
    {
        var document = Document(Sample with { Answer = null, Audio = null, Asked = null, AskedLogRatio = null });
        Assert.Equal(document.ToJson(), Json.Read<IdentificationDocument>(document.ToJson()).ToJson());
        // "None of these" is written, so that nobody takes it for a field that was forgotten.
        Assert.Contains("\"answer\": null", document.ToJson(), StringComparison.Ordinal);
        Assert.True(IdentificationDocument.RecognisesJson(document.ToJson()[..100]));
        Assert.True(IdentificationDocument.RecognisesCsv(document.ToCsv()));
        Assert.False(IdentificationDocument.RecognisesJson("{ \"schema\": \"another/1\" }"));
        Assert.False(IdentificationDocument.RecognisesCsv("file,device\r\n"));
    }

    private static IdentificationDocument Document(IdentificationRecord answer) => IdentificationDocument.Create(
        "/a/phones.model", new string('f', 64), isComplete: true, [answer], [new IdentificationFailure("broken.wav", "no sound")]);

    private static void Collect(JsonElement element, string path, SortedSet<string> names)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = path + property.Name;
            names.Add(name);
            if (property.Value.ValueKind == JsonValueKind.Object)
                Collect(property.Value, name + ".", names);
            else if (property.Value.ValueKind == JsonValueKind.Array)
                foreach (var item in property.Value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object))
                    Collect(item, name + "[].", names);
        }
    }

    private static List<(string Name, string Type)> DocumentedRows(string heading)
    {
        var section = Documentation[Documentation.IndexOf(heading, StringComparison.Ordinal)..];
        section = section.IndexOf("\n## ", StringComparison.Ordinal) is var end and > 0 ? section[..end] : section;
        return [.. TableRow().Matches(section).Select(row => (row.Groups[1].Value, row.Groups[2].Value))];
    }

    private static List<string[]> Rows(string csv)
    {
        using var parser = new Microsoft.VisualBasic.FileIO.TextFieldParser(new StringReader(csv)) { TrimWhiteSpace = false };
        parser.SetDelimiters(",");
        var rows = new List<string[]>();
        while (!parser.EndOfData)
            rows.Add(parser.ReadFields()!);
        return rows;
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
