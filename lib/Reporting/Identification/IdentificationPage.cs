using System.Net;
using System.Text;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Identification;
using static System.FormattableString;

namespace DeviceId.Reporting;

/// <summary>Self-contained HTML page about one questioned recording: it opens without a network and prints on one sheet.</summary>
public static class IdentificationPage
{
    private const int ShownCandidates = 5;

    // With more warnings the print is smaller, so that the page still fits on one sheet.
    private const int FewWarnings = 4;
    private const int ManyWarnings = 7;

    /// <summary>Begins every page that this library writes; another page with the name of an output is not overwritten.</summary>
    internal const string Start = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"generator\" content=\"DeviceId identification ";

    /// <summary>Writes the page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="modelFingerprint">SHA-256 of the model's file.</param>
    /// <param name="questioned">The questioned recording with the model's answer.</param>
    /// <param name="claimedDevice">The device that the likelihood ratio is about; null for the model's first candidate.</param>
    /// <param name="falseAlarms">
    /// Accepted false-alarm rate: the proportion of recordings of unknown devices that may be named, in [0, 1].
    /// </param>
    /// <param name="written">Time of writing; null for now.</param>
    /// <returns>HTML.</returns>
    /// <exception cref="ArgumentException">The model does not know the claimed device.</exception>
    public static string Write(
        PhoneModel model, string modelFingerprint, QuestionedRecording questioned, string? claimedDevice = null,
        double falseAlarms = Identification.Identification.DefaultFalseAlarms, DateTimeOffset? written = null)
    {
        var text = new IdentificationText(model, questioned, claimedDevice, falseAlarms);
        var (answer, statistics) = (questioned.Identification, questioned.Statistics);
        var file = Encode(Path.GetFileName(questioned.Path));
        var html = new StringBuilder(Invariant($"{Start}{Encode(IdentificationRecord.Version)}\">{SubjectTag(Subject(questioned))}"));
        html.Append("<meta name=\"viewport\" content=\"width=device-width\">")
            .Append(Invariant($"<title>{file}: {Encode(text.Answer)}</title><style>{Style}</style></head>"))
            .Append(Invariant($"<body class=\"{Density(questioned)}\"><main>"));
        html.Append(Invariant($"<p class=\"file\">Which device recorded <b>{file}</b>? <span>{statistics.Seconds:0.0} s, "))
            .Append(Invariant($"{statistics.SampleRate} Hz, {statistics.Levels.RmsDecibels:0} dB</span></p>"));
        html.Append(Invariant($"<h1>{Encode(text.Heading)}</h1>"));
        foreach (var sentence in text.Sentences)
            html.Append(Invariant($"<p>{Encode(sentence)}</p>"));
        if (questioned.Warnings.Count > 0)
            html.Append("<section class=\"warnings\"><h2>Before you rely on this</h2><ul>")
                .AppendJoin("", questioned.Warnings.Select(w => $"<li>{Encode(w)}</li>")).Append("</ul></section>");
        html.Append("<section class=\"two\"><div><h2>Candidates</h2>").Append(Candidates(answer))
            .Append("</div><div><h2>Spectrum compared with the references</h2>").Append(Spectra(model, questioned, text.ClaimedDevice))
            .Append("</div></section>");
        html.Append("<h2>Along the recording</h2>").Append(StripPlot.Svg(answer)).Append(Segments(answer));
        html.Append("<h2>What this does not say</h2><ul>").AppendJoin("", text.Limits.Select(l => $"<li>{Encode(l)}</li>"))
            .Append("</ul>");
        html.Append(Facts(model, modelFingerprint, questioned, written ?? DateTimeOffset.Now)).Append("</main></body></html>\n");
        return html.ToString();
    }

    /// <summary>
    /// What a page is about: a recording by content, path and channel (64 hexadecimal digits). The same recording again gives the same.
    /// </summary>
    internal static string Subject(QuestionedRecording questioned) =>
        ContentHash.HashText($"{questioned.Hash}\n{questioned.Path}\n{questioned.Info?.Channel}");

    /// <summary>Stands among the first lines of a page about the subject, and on no other page.</summary>
    internal static string SubjectTag(string subject) => $"<meta name=\"deviceid-subject\" content=\"{subject}\">";

    private static string Density(QuestionedRecording questioned)
    {
        // The record of how the file was read takes up to as many lines as a warning.
        var warnings = questioned.Warnings.Count + (questioned.Info is null ? 0 : 1);
        return warnings <= FewWarnings ? "plain" : warnings <= ManyWarnings ? "full" : "crowded";
    }

    private static string Candidates(Identification.Identification answer)
    {
        var html = new StringBuilder("<table><thead><tr><th>device</th><th>probability</th>");
        html.Append(answer.Comparisons.Count > 0 ? "<th>likelihood ratio</th>" : "").Append("</tr></thead><tbody>");
        foreach (var (candidate, i) in answer.Candidates.Take(ShownCandidates).Select((c, i) => (c, i)))
        {
            var percent = 100 * candidate.Probability;
            html.Append(Invariant($"<tr><td>{Encode(candidate.Device)}</td>"))
                .Append(Invariant($"<td class=\"bar\">{percent:0.0} %<span style=\"width:{percent:0.#}%\"></span></td>"));
            if (answer.Comparisons.Count > 0)
            {
                var logRatio = answer.Comparisons[i].LogRatio;
                html.Append(Invariant($"<td>{IdentificationText.Number(logRatio)}, {VerbalScale.Describe(logRatio)}</td>"));
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        var others = answer.Candidates.Skip(ShownCandidates).ToList();
        if (others.Count > 0)
            html.Append(Invariant($"<p class=\"small\">{others.Count} more: {100 * others.Sum(c => c.Probability):0.0} %"))
                .Append(others.Count > 1 ? " together" : "").Append(".</p>");
        return html.ToString();
    }

    private static string Spectra(PhoneModel model, QuestionedRecording questioned, string device) => model.Scorer is not { } scorer
        ? "<p>The model has no reference spectra: it knows too few devices.</p>"
        : SpectrumPlot.Svg(model.BandHertz(), questioned.Spectrum, device,
            scorer.Spectra[model.Facts.Devices.ToList().IndexOf(device)], [.. scorer.Spectra]);

    private static string Segments(Identification.Identification answer)
    {
        var segments = answer.SplicedSegments;
        var summary = $"{segments.Count} parts: {Encode(QuestionedRecording.DescribeSegments(segments))}. ";
        if (segments.Count == 1)
        {
            var hasOthers = answer.Strip.Any(s => s[0].Device != segments[0].Device);
            summary = $"No splice found: {Encode(segments[0].Device)} throughout"
                + $"{(hasOthers ? "; too few columns show other devices to count as a splice" : "")}. ";
        }

        var columns = Invariant($"Each column is a segment of {answer.SegmentSeconds:0.00} s, its height the probability of the first ");
        return $"<p class=\"small\">{summary}{columns}candidate; samples after the last segment are not used.</p>";
    }

    private static string Facts(PhoneModel model, string modelFingerprint, QuestionedRecording questioned, DateTimeOffset written)
    {
        var (facts, environment) = (model.Facts, model.Facts.Environment);
        List<(string Name, string Value)> rows =
        [
            ("recording", $"{questioned.Path}, SHA-256 {questioned.Hash}"),
            ("model", $"SHA-256 {modelFingerprint}"),
            ("training data", $"{facts.Corpus}{(facts.IsSimulated ? " (simulated)" : "")}, {facts.Recordings} recordings of "
                + $"{facts.Devices.Count} devices, fingerprint {facts.Fingerprint}"),
            ("machine", $"{environment.Machine}, {environment.Device}, TorchSharp {environment.Torch}, "
                + $"commit {environment.Commit ?? "unknown"}"),
            ("written", Invariant($"{written:yyyy-MM-dd HH:mm zzz} by DeviceId {IdentificationRecord.Version}")),
        ];
        if (questioned.Info is { } info)
            rows.Insert(1, ("read as", AudioFileText.Describe(info)));
        var cells = rows.Select(row => $"<tr><th>{row.Name}</th><td>{Encode(row.Value)}</td></tr>");
        return $"<table class=\"facts\"><tbody>{string.Concat(cells)}</tbody></table>";
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private const string Style = """
        :root { color-scheme: light; --ink: #1d2329; --line: #d6dce2; --soft: #f4f6f8; --accent: #0b63b0; --warn: #8a4b00; }
        * { box-sizing: border-box; }
        body {
            margin: 0; background: #fff; color: var(--ink); font: .875rem/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
        }
        main { max-width: 54rem; margin: 0 auto; padding: 1.4rem 1.6rem 2rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: .1rem 0 .5rem; overflow-wrap: anywhere; }
        h2 { font-size: 1rem; margin: 1rem 0 .3rem; }
        p { margin: .25rem 0; } .file { color: #56616b; overflow-wrap: anywhere; } .file span { white-space: nowrap; }
        ul { margin: .2rem 0; padding-left: 1.2rem; } li { margin: .15rem 0; }
        .warnings {
            border-left: 4px solid #e0a030; background: #fff8ea; color: var(--warn); padding: .3rem .9rem; margin: .7rem 0;
        }
        .warnings h2 { margin-top: .2rem; }
        .two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.4rem; }
        table { border-collapse: collapse; width: 100%; font-size: .82rem; }
        th, td {
            text-align: left; vertical-align: top; padding: .2rem .5rem .2rem 0; border-bottom: 1px solid var(--line);
            font-variant-numeric: tabular-nums;
        }
        td:first-child { min-width: 6.5rem; overflow-wrap: anywhere; } .facts td { overflow-wrap: anywhere; }
        .bar { white-space: nowrap; } .bar span { display: block; height: 4px; margin-top: 2px; background: var(--accent); }
        .small, .facts { font-size: .75rem; color: #56616b; }
        .facts { margin-top: 1rem; } .facts th { width: 6.5rem; font-weight: 600; }
        svg { width: 100%; height: auto; display: block; } svg text { fill: #56616b; }
        @media (max-width: 640px) { .two { grid-template-columns: 1fr; } }
        @media print {
            @page { size: A4; margin: 12mm 14mm; }
            html { font-size: 11.5px; } html:has(.full) { font-size: 10px; } html:has(.crowded) { font-size: 8.5px; }
            body { line-height: 1.32; } h2 { margin-top: .7rem; } main { padding: 0; max-width: none; }
            section, svg, table { break-inside: avoid; } .facts { margin-top: .6rem; }
            * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }
        """;
}
