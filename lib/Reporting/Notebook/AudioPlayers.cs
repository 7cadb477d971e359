using System.Globalization;
using System.Net;
using System.Text;
using DeviceId.Audio;

namespace DeviceId.Reporting;

/// <summary>
/// Audio players for short excerpts of recordings, embedded in the page as uncompressed audio at their original sampling rates.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class AudioPlayers : INotebookValue
{
    private readonly IReadOnlyList<(string Name, AudioClip Clip)> _clips;

    private AudioPlayers(IReadOnlyList<(string Name, AudioClip Clip)> clips) => _clips = clips;

    /// <summary>
    /// Creates players for the first seconds of recordings, normalised to equal peaks, so that listeners compare the sound and not the
    /// level.
    /// </summary>
    /// <param name="names">A label for each player.</param>
    /// <param name="clips">The recordings.</param>
    /// <param name="seconds">Duration of each excerpt (s); 0 &lt; seconds &lt;= 30, because the page contains the samples.</param>
    /// <exception cref="ArgumentException">The numbers of names and clips differ, or the duration is out of range.</exception>
    public static AudioPlayers Create(IReadOnlyList<string> names, IReadOnlyList<AudioClip> clips, double seconds = 3)
    {
        if (names.Count != clips.Count)
            throw new ArgumentException($"There are {names.Count} names for {clips.Count} clips.", nameof(names));
        if (seconds is not (> 0 and <= 30))
            throw new ArgumentException(FormattableString.Invariant(
                $"The duration is {seconds} s: it must be more than 0 and at most 30."), nameof(seconds));
        return new AudioPlayers([.. clips.Select((clip, i) => (names[i], Excerpt(clip, seconds)))]);
    }

    /// <inheritdoc/>
    public string ToHtml() => FigureFormatters.IsPublishing ? Caption() : Players();

    /// <summary>No recording is published with a notebook.</summary>
    private string Caption() => $"<p><small>Players of {WebUtility.HtmlEncode(string.Join(", ", _clips.Select(c => c.Name)))}: "
        + "run this cell to hear them. Recordings are not published with the notebook.</small></p>";

    private string Players()
    {
        var html = new StringBuilder("<table class=\"deviceid-players\"><tbody>");
        foreach (var (name, clip) in _clips)
        {
            var wave = Convert.ToBase64String(WaveFile.ToBytes(clip));
            html.Append(CultureInfo.InvariantCulture, $"<tr><td style=\"text-align:left\">{WebUtility.HtmlEncode(name)}</td>")
                .Append("<td><audio controls preload=\"metadata\" src=\"data:audio/wav;base64,").Append(wave)
                .Append("\"></audio></td></tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>Text for a terminal, which cannot play audio.</summary>
    public override string ToString() => $"[players] {string.Join(", ", _clips.Select(c => c.Name))}";

    private static AudioClip Excerpt(AudioClip clip, double seconds)
    {
        var samples = clip.Samples.AsSpan(0, (int)Math.Min(clip.Samples.Length, seconds * clip.SampleRate)).ToArray();
        var peak = samples.Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new AudioClip(peak > 0 ? [.. samples.Select(s => 0.9f * s / peak)] : samples, clip.SampleRate);
    }
}
