using System.Globalization;
using System.Net;
using System.Text;
using DeviceId.Audio;

namespace DeviceId.Reporting;

/// <summary>
/// Recordings to listen to, one player each, the sound inside the page: short pieces, uncompressed, at their own sampling rate.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class AudioPlayers : INotebookValue
{
    private readonly IReadOnlyList<(string Name, AudioClip Clip)> _clips;

    private AudioPlayers(IReadOnlyList<(string Name, AudioClip Clip)> clips) => _clips = clips;

    /// <summary>
    /// Players for the first seconds of some recordings, all made equally loud, so that the ear compares the sound and not the level.
    /// </summary>
    /// <param name="names">What stands beside each player.</param>
    /// <param name="clips">The recordings.</param>
    /// <param name="seconds">Length of each piece, s; 0 &lt; seconds &lt;= 30, because the page carries it.</param>
    /// <exception cref="ArgumentException">There are not as many names as clips, or the length is out of range.</exception>
    public static AudioPlayers Create(IReadOnlyList<string> names, IReadOnlyList<AudioClip> clips, double seconds = 3)
    {
        if (names.Count != clips.Count)
            throw new ArgumentException($"There are {names.Count} names for {clips.Count} clips.", nameof(names));
        if (seconds is not (> 0 and <= 30))
            throw new ArgumentException($"A piece of {seconds.ToString(CultureInfo.InvariantCulture)} s: write more than 0 and at most 30.",
                nameof(seconds));
        return new AudioPlayers([.. clips.Select((clip, i) => (names[i], Piece(clip, seconds)))]);
    }

    /// <inheritdoc/>
    public string ToHtml()
    {
        var html = new StringBuilder("<table class=\"deviceid-players\"><tbody>");
        foreach (var (name, clip) in _clips)
        {
            var wave = Convert.ToBase64String(WaveFile.ToBytes(clip));
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td style=\"text-align:left\">{WebUtility.HtmlEncode(name)}</td><td><audio controls preload=\"metadata\" src=\"data:audio/wav;base64,{wave}\"></audio></td></tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>What a terminal prints, which cannot play.</summary>
    public override string ToString() => $"[players] {string.Join(", ", _clips.Select(c => c.Name))}";

    private static AudioClip Piece(AudioClip clip, double seconds)
    {
        var piece = clip.Samples.AsSpan(0, (int)Math.Min(clip.Samples.Length, seconds * clip.SampleRate)).ToArray();
        var peak = piece.Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new AudioClip(peak > 0 ? [.. piece.Select(s => 0.9f * s / peak)] : piece, clip.SampleRate);
    }
}
