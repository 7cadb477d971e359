using System.Net;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>Shows a model's answer about a questioned recording in a notebook.</summary>
public static class IdentificationView
{
    /// <summary>Creates the sentences, the warnings, and the strip of segments.</summary>
    /// <param name="model">The model.</param>
    /// <param name="questioned">The questioned recording with the model's answer.</param>
    /// <param name="claimedDevice">The device that the likelihood ratio is about; null for the model's first candidate.</param>
    /// <param name="falseAlarms">
    /// Accepted false-alarm rate: the proportion of recordings of unknown devices that may be named, in [0, 1].
    /// </param>
    public static INotebookValue Create(PhoneModel model, QuestionedRecording questioned, string? claimedDevice = null,
        double falseAlarms = Identification.Identification.DefaultFalseAlarms)
    {
        var text = new IdentificationText(model, questioned, claimedDevice, falseAlarms);
        string[] sentences = [.. text.Sentences, .. questioned.Warnings.Select(w => $"! {w}")];
        var heading = $"{Path.GetFileName(questioned.Path)}: {text.Answer}";
        var paragraphs = string.Concat(sentences.Select(s => $"<p style=\"margin:.2em 0\">{WebUtility.HtmlEncode(s)}</p>"));
        var html = "<div class=\"deviceid-answer\" style=\"max-width:52rem\">"
            + $"<p><b>{WebUtility.HtmlEncode(heading)}</b></p>{paragraphs}{StripPlot.Svg(questioned.Identification)}</div>";
        return new HtmlFragment(html, string.Join('\n', sentences.Prepend(heading)));
    }
}
