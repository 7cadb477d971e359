using System.Globalization;
using System.Net;
using System.Text;
using DeviceId.Evaluation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>A page about one questioned recording, complete in itself: it opens without a network and prints on one sheet.</summary>
public static class IdentificationPage
{
    private const int ShownCandidates = 5;

    // With more of them the print is smaller, so that the sheet is enough.
    private const int FewWarnings = 4;
    private const int ManyWarnings = 7;

    /// <summary>Writes the page.</summary>
    /// <param name="model">The model that was asked.</param>
    /// <param name="modelFingerprint">SHA-256 of its file.</param>
    /// <param name="questioned">What it says.</param>
    /// <param name="asked">The device that the question is about; null for the model's first candidate.</param>
    /// <param name="falseAlarms">The share of recordings of unknown devices that may be named, in [0, 1].</param>
    /// <param name="written">When the page was written.</param>
    /// <returns>HTML.</returns>
    /// <exception cref="ArgumentException">The model does not know the device that is asked about.</exception>
    public static string Write(
        PhoneModel model, string modelFingerprint, QuestionedRecording questioned, string? asked = null,
            double falseAlarms = Identification.Identification.UsualFalseAlarms, DateTimeOffset? written = null)
    {
        var words = new IdentificationText(model, questioned, asked, falseAlarms);
        var (said, traits) = (questioned.Identification, questioned.Traits);
        var html = new StringBuilder();
        html.Append(Say($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Encode(Path.GetFileName(questioned.Path))}: {Encode(words.Answer)}</title><style>{Style}</style></head><body class=\"{Density(questioned.Warnings.Count)}\"><main>"));
        html.Append(Say($"<p class=\"file\">Which device recorded <b>{Encode(Path.GetFileName(questioned.Path))}</b>? <span>{traits.Seconds:0.0} s, {traits.SampleRate} Hz, {traits.Levels.RmsDecibels:0} dB</span></p>"));
        html.Append(Say($"<h1>{Encode(words.Heading)}</h1>"));
        foreach (var sentence in words.Sentences)
            html.Append(Say($"<p>{Encode(sentence)}</p>"));
        if (questioned.Warnings.Count > 0)
            html.Append("<section class=\"warnings\"><h2>Before you rely on this</h2><ul>")
                .AppendJoin("", questioned.Warnings.Select(w => $"<li>{Encode(w)}</li>")).Append("</ul></section>");
        html.Append("<section class=\"two\"><div><h2>Candidates</h2>").Append(Candidates(said))
            .Append("</div><div><h2>Spectrum beside those of the references</h2>").Append(Spectra(model, questioned, words.Asked))
            .Append("</div></section>");
        html.Append("<h2>Along the recording</h2>").Append(StripPlot.Svg(said)).Append(Pieces(said));
        html.Append("<h2>What this does not say</h2><ul>").AppendJoin("", words.Limits.Select(l => $"<li>{Encode(l)}</li>"))
            .Append("</ul>");
        html.Append(Facts(model, modelFingerprint, questioned, written ?? DateTimeOffset.Now)).Append("</main></body></html>\n");
        return html.ToString();
    }

    private static string Density(int warnings) => warnings <= FewWarnings ? "plain" : warnings <= ManyWarnings ? "full" : "crowded";

    private static string Candidates(Identification.Identification said)
    {
        var html = new StringBuilder("<table><thead><tr><th>device</th><th>probability</th>");
        html.Append(said.Comparisons.Count > 0 ? "<th>likelihood ratio</th>" : "").Append("</tr></thead><tbody>");
        foreach (var (candidate, i) in said.Candidates.Take(ShownCandidates).Select((c, i) => (c, i)))
        {
            html.Append(Say($"<tr><td>{Encode(candidate.Device)}</td><td class=\"bar\">{100 * candidate.Probability:0.0} %<span style=\"width:{100 * candidate.Probability:0.#}%\"></span></td>"));
            if (said.Comparisons.Count > 0)
                html.Append(Say($"<td>{IdentificationText.Number(said.Comparisons[i].LogRatio)}, {VerbalScale.Describe(said.Comparisons[i].LogRatio)}</td>"));
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (said.Candidates.Count > ShownCandidates)
            html.Append(Say($"<p class=\"small\">{said.Candidates.Count - ShownCandidates} more: {100 * said.Candidates.Skip(ShownCandidates).Sum(c => c.Probability):0.0} %{(said.Candidates.Count > ShownCandidates + 1 ? " together" : "")}.</p>"));
        return html.ToString();
    }

    private static string Spectra(PhoneModel model, QuestionedRecording questioned, string asked) => model.Scorer is null
        ? "<p>The model keeps no spectra: it knows too few devices.</p>"
        : SpectrumPlot.Svg(model.BandHertz(), questioned.Spectrum, asked, model.Scorer.Spectra[model.Facts.Devices.ToList().IndexOf(asked)],
            [.. model.Scorer.Spectra]);

    private static string Pieces(Identification.Identification said) => said.SplicedSegments.Count == 1
        ? Say($"<p class=\"small\">Taken as one piece, {Encode(said.SplicedSegments[0].Device)}{(said.Strip.Any(s => s[0].Device != said.SplicedSegments[0].Device) ? "; columns of others are too few together to count as a splice" : "")}. {Columns(said)}</p>")
        : $"<p class=\"small\">{said.SplicedSegments.Count} pieces: {Encode(QuestionedRecording.DescribeSegments(said.SplicedSegments))}. {Columns(said)}</p>";

    private static string Columns(Identification.Identification said) =>
        Say($"Each column is a segment of {said.SegmentSeconds:0.00} s, as high as its first candidate is probable; what is left behind the last one is not looked at.");

    private static string Facts(PhoneModel model, string modelFingerprint, QuestionedRecording questioned, DateTimeOffset written)
    {
        (string Name, string Value)[] facts =
        [
            ("recording", $"{questioned.Path}, SHA-256 {questioned.Hash}"),
            ("model", $"SHA-256 {modelFingerprint}"),
            ("learnt from", $"{model.Facts.Corpus}{(model.Facts.IsSimulated ? " (simulated)" : "")}, {model.Facts.Recordings} recordings of {model.Facts.Devices.Count} devices, fingerprint {model.Facts.Fingerprint}"),
            ("trained on", $"{model.Facts.Environment.Machine}, {model.Facts.Environment.Device}, TorchSharp {model.Facts.Environment.Torch}, commit {model.Facts.Environment.Commit ?? "unknown"}"),
            ("written", Say($"{written:yyyy-MM-dd HH:mm zzz} by DeviceId {IdentificationRecord.Version}")),
        ];
        return $"<table class=\"facts\"><tbody>{string.Concat(facts.Select(f => $"<tr><th>{f.Name}</th><td>{Encode(f.Value)}</td></tr>"))}</tbody></table>";
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private const string Style = """
        :root { color-scheme: light; --ink: #1d2329; --line: #d6dce2; --soft: #f4f6f8; --accent: #0b63b0; --warn: #8a4b00; }
        * { box-sizing: border-box; } body { margin: 0; background: #fff; color: var(--ink); font: .875rem/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        main { max-width: 54rem; margin: 0 auto; padding: 1.4rem 1.6rem 2rem; } h1 { font-size: 1.9rem; line-height: 1.2; margin: .1rem 0 .5rem; overflow-wrap: anywhere; } h2 { font-size: 1rem; margin: 1rem 0 .3rem; }
        p { margin: .25rem 0; } .file { color: #56616b; overflow-wrap: anywhere; } .file span { white-space: nowrap; } ul { margin: .2rem 0; padding-left: 1.2rem; } li { margin: .15rem 0; }
        .warnings { border-left: 4px solid #e0a030; background: #fff8ea; color: var(--warn); padding: .3rem .9rem; margin: .7rem 0; } .warnings h2 { margin-top: .2rem; }
        .two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.4rem; } table { border-collapse: collapse; width: 100%; font-size: .82rem; }
        th, td { text-align: left; vertical-align: top; padding: .2rem .5rem .2rem 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; } td:first-child { min-width: 6.5rem; overflow-wrap: anywhere; } .facts td { overflow-wrap: anywhere; } .bar { white-space: nowrap; }
        .bar span { display: block; height: 4px; margin-top: 2px; background: var(--accent); } .small, .facts { font-size: .75rem; color: #56616b; } .facts { margin-top: 1rem; } .facts th { width: 6.5rem; font-weight: 600; }
        svg { width: 100%; height: auto; display: block; } svg text { fill: #56616b; }
        @media (max-width: 640px) { .two { grid-template-columns: 1fr; } }
        @media print {
            @page { size: A4; margin: 12mm 14mm; } html { font-size: 11.5px; } html:has(.full) { font-size: 10px; } html:has(.crowded) { font-size: 9px; } body { line-height: 1.32; } h2 { margin-top: .7rem; } main { padding: 0; max-width: none; }
            section, svg, table { break-inside: avoid; } .facts { margin-top: .6rem; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }
        """;
}
