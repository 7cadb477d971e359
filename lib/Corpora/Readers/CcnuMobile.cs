using System.Globalization;
using System.Text.RegularExpressions;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Layout of CCNU-Mobile: <c>&lt;device&gt;_&lt;i&gt;.wav</c>, in one folder, in one folder per device, or mixed.</summary>
/// <remarks>
/// The index i identifies the sentence, the same for every phone (Zeng et al. 2021, section "Dataset"). Sentence names have leading zeros
/// ("003"), so that ordinal and numeric order agree.
/// </remarks>
internal static partial class CcnuMobile
{
    private const string Layout =
        "CCNU-Mobile's layout is <device>_<number>.wav, such as 'xiaomi8_3.wav', in the folder itself or in one folder per device.";
    private const int MinDigits = 3;

    /// <summary>
    /// Whether a folder has the layout of CCNU-Mobile: it has at least one file name of this form, and subfolders have only such names,
    /// each in the folder of its device.
    /// </summary>
    /// <remarks>
    /// Other folders are read as <see cref="DeviceFolders"/>: for example 'red/red_2.wav' together with 'blue/kitchen.wav' and
    /// 'green/IMG_7.wav', or 'REC_99.wav' together with 'red/REC_1.wav' and 'blue/REC_1.wav', which are not of one phone named REC.
    /// </remarks>
    /// <param name="folder">The folder; the result is false if it does not exist.</param>
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

    /// <summary>Reads every recording once and creates the corpus.</summary>
    /// <param name="folder">Folder of the recordings.</param>
    /// <param name="progress">Reports after each file.</param>
    /// <exception cref="CorpusException">
    /// The folder does not exist, has no recordings, or has a device without readable recordings.
    /// </exception>
    public static Corpus Open(string folder, IProgress<WorkProgress>? progress = null) =>
        Open(CorpusName(folder), folder, progress, _ => null);

    /// <summary>Reads the same layout under another corpus name, with speakers by sentence number.</summary>
    internal static Corpus Open(
        string name, string folder, IProgress<WorkProgress>? progress, Func<int, string?> speaker, bool isSimulated = false)
    {
        var listed = AudioFolder.List(folder, Layout);
        var matches = listed.Audio.Select(path => (Path: path, Match: Match(path))).ToLookup(file => file.Match.Success);
        var named = matches[true].Select(file => (file.Path, Device: file.Match.Groups["device"].Value, Index: Number(file.Match)))
            .ToList();
        var digits = named.Count == 0 ? MinDigits : Math.Max(MinDigits, Digits(named.Max(file => file.Index)).Length);
        var hasFolders = listed.Audio.Any(path => listed.FoldersOf(path).Length > 0);
        return CorpusReader.Read(
            name,
            [
                .. named.Select(file =>
                    new RecordingFile(file.Path, file.Device, Digits(file.Index).PadLeft(digits, '0'), speaker(file.Index))),
            ],
            matches[false].Select(file => new SkippedRecording(file.Path, "the name is not <device>_<number>"))
                .Concat(listed.Skipped),
            listed.Path, listed.Ignored, progress, isSimulated, hasFolders ? listed.FoldersWithoutAudio() : []);
    }

    /// <summary>Name of the corpus. One folder per device may hold private recordings, which a report must not call CCNU-Mobile.</summary>
    private static string CorpusName(string folder) =>
        !Directory.Exists(folder) || AudioFolder.Scan(folder) is var listed && listed.Audio.Any(path => listed.FoldersOf(path).Length == 0)
        ? "CCNU-Mobile" : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static Match Match(string path) => DeviceAndIndex().Match(Path.GetFileNameWithoutExtension(path));

    private static int Number(Match match) => int.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture);

    private static string Digits(int index) => index.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^(?<device>.+)_(?<index>[0-9]{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceAndIndex();
}
