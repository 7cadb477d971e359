using System.Text.RegularExpressions;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>A recording that got no answer.</summary>
/// <param name="File">Path of the recording; if it was given by another name, that name.</param>
/// <param name="Reason">What is wrong with it and, if anything helps, what to do.</param>
internal sealed record IdentificationFailure(string File, string Reason);

/// <summary>All answers of a run, as JSON and CSV; docs/identify-json.md documents every field.</summary>
/// <param name="Schema">Name and version of this format.</param>
/// <param name="Library">Version of this library.</param>
/// <param name="Model">Full path of the model.</param>
/// <param name="ModelFingerprint">SHA-256 of the model's file.</param>
/// <param name="IsComplete">False if the run was stopped before it came to every recording.</param>
/// <param name="Answers">An element for each recording, or for each channel asked about, that was identified.</param>
/// <param name="Failures">An element for each recording that was not.</param>
internal sealed partial record IdentificationDocument(
    string Schema, string Library, string Model, string ModelFingerprint, bool IsComplete, IReadOnlyList<IdentificationRecord> Answers,
    IReadOnlyList<IdentificationFailure> Failures)
{
    /// <summary>The version of the format that this library writes.</summary>
    public const string CurrentSchema = "deviceid-identification/2";

    /// <summary>Collects the answers of a run.</summary>
    public static IdentificationDocument Create(string model, string modelFingerprint, bool isComplete,
        IReadOnlyList<IdentificationRecord> answers, IReadOnlyList<IdentificationFailure> failures) =>
        new(CurrentSchema, IdentificationRecord.Version, model, modelFingerprint, isComplete, answers, failures);

    /// <summary>The document as indented JSON.</summary>
    public string ToJson() => Json.Write(this) + "\n";

    /// <summary>A header line, a line for each answer, then a line for each failure with its reason in the last column.</summary>
    public string ToCsv()
    {
        var lines = Answers.Select(answer => CsvLine.Write(answer.Cells()))
            .Concat(Failures.Select(failure => CsvLine.Write(IdentificationRecord.FailureCells(failure))))
            .Prepend(string.Join(',', IdentificationRecord.Columns));
        return string.Concat(lines.Select(line => line + "\r\n"));
    }

    /// <summary>Whether a text begins as the JSON of any version of this document does.</summary>
    public static bool RecognisesJson(string start) => JsonStart().IsMatch(start);

    /// <summary>Whether a text begins with the header line of any version of the CSV.</summary>
    public static bool RecognisesCsv(string start) => start.StartsWith("file,sha256,seconds,rate,answer,", StringComparison.Ordinal);

    [GeneratedRegex("""^\s*\{\s*"schema"\s*:\s*"deviceid-identification/""")]
    private static partial Regex JsonStart();
}
