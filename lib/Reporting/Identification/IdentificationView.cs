using System.Net;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>An answer about a questioned recording in a notebook.</summary>
public static class IdentificationView
{
    /// <summary>Sentences, warnings, and the strip along the recording.</summary>
    /// <param name="model">The model that was asked.</param>
    /// <param name="questioned">What it says.</param>
    /// <param name="asked">The device that the question is about; null for the model's first candidate.</param>
    /// <param name="falseAlarms">The share of recordings of unknown devices that may be named, in [0, 1].</param>
    public static INotebookValue Create(PhoneModel model, QuestionedRecording questioned, string? asked = null,
        double falseAlarms = Identification.Identification.UsualFalseAlarms)
    {
        var words = new IdentificationText(model, questioned, asked, falseAlarms);
        string[] sentences = [.. words.Sentences, .. questioned.Warnings.Select(w => $"! {w}")];
        var heading = $"{Path.GetFileName(questioned.Path)}: {words.Answer}";
        return new HtmlFragment(
            $"<div class=\"deviceid-answer\" style=\"max-width:52rem\"><p><b>{WebUtility.HtmlEncode(heading)}</b></p>{string.Concat(sentences.Select(s => $"<p style=\"margin:.2em 0\">{WebUtility.HtmlEncode(s)}</p>"))}{StripPlot.Svg(questioned.Identification)}</div>",
            string.Join('\n', sentences.Prepend(heading)));
    }
}
