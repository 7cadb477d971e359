using System.Globalization;
using System.Text.RegularExpressions;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>CCNU-Mobile's layout: <c>&lt;device&gt;_&lt;i&gt;.wav</c>, in one folder, in a folder a device, or mixed.</summary>
/// <remarks>
/// The index i is the sentence: every phone recorded the same sentence under it (Zeng et al. 2021, section "Dataset"). It is written with
/// leading zeros ("003"), so that the order of texts is the order of numbers.
/// </remarks>
internal static partial class CcnuMobile
{
    private const string Layout = "CCNU-Mobile's layout is <device>_<number>.wav, such as 'xiaomi8_3.wav', in the folder itself or in one folder a device.";
    private const int MinDigits = 3;

    /// <summary>
    /// True when the folder looks like CCNU-Mobile: such a name lies in it or in a subfolder, and subfolders hold nothing but such names,
    /// each in the folder of its device.
    /// </summary>
    /// <remarks>
    /// One phone's 'red/red_2.wav' does not make its neighbours' 'blue/kitchen.wav' and 'green/IMG_7.wav' wrongly named, nor does a loose
    /// 'REC_99.wav' make a phone REC of all 'red/REC_1.wav' and 'blue/REC_1.wav': those are <see cref="DeviceFolders"/>.
    /// </remarks>
    /// <param name="folder">The folder; false where there is none.</param>
    public static bool Recognises(string folder)
    {
        if (!Directory.Exists(folder))
            return false;
        var listed = AudioFolder.Scan(folder);
        var inFolders = listed.Audio.ToLookup(path => listed.FoldersOf(path).Length > 0);
        return inFolders[true].All(path =>
            Match(path).Groups["device"].Value.Equals(listed.FoldersOf(path)[0], StringComparison.OrdinalIgnoreCase))
            && (inFolders[true].Any() || inFolders[false].Any(path => Match(path).Success));
    }

    /// <summary>Reads every recording once and makes the index.</summary>
    /// <param name="folder">Where the recordings lie.</param>
    /// <param name="progress">Told after each file.</param>
    /// <exception cref="CorpusException">No such folder, no recordings in it, or a device none of whose recordings can be read.</exception>
    public static Corpus Open(string folder, IProgress<WorkProgress>? progress = null) => Open(Name(folder), folder, progress, _ => null);

    /// <summary>The same layout under another name, with speakers by sentence number.</summary>
    internal static Corpus Open(
        string name, string folder, IProgress<WorkProgress>? progress, Func<int, string?> speaker, bool isSimulated = false)
    {
        var listed = AudioFolder.List(folder, Layout);
        var matches = listed.Audio.Select(path => (Path: path, Match: Match(path))).ToLookup(file => file.Match.Success);
        var named = matches[true].Select(file => (file.Path, Device: file.Match.Groups["device"].Value, Index: Number(file.Match)))
            .ToList();
        var digits = named.Count == 0 ? MinDigits : Math.Max(MinDigits, Digits(named.Max(file => file.Index)).Length);
        return CorpusReader.Read(
            name,
            [.. named.Select(file => new RecordingFile(file.Path, file.Device, Digits(file.Index).PadLeft(digits, '0'),
                speaker(file.Index)))],
            matches[false].Select(file => new SkippedRecording(file.Path, "the name is not <device>_<number>")),
            listed.Path, listed.Ignored, progress, isSimulated);
    }

    /// <summary>A folder for each device may be anybody's: a report must not say that the public recordings were learnt from.</summary>
    private static string Name(string folder) =>
        !Directory.Exists(folder) || Directory.EnumerateFiles(folder).Any(AudioFolder.IsAudio)
        ? "CCNU-Mobile" : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static Match Match(string path) => DeviceAndIndex().Match(Path.GetFileNameWithoutExtension(path));

    private static int Number(Match match) => int.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture);

    private static string Digits(int index) => index.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^(?<device>.+)_(?<index>[0-9]{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceAndIndex();
}
