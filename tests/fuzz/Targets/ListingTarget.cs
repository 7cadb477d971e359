using System.Text;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Fuzz;

/// <summary>
/// Folders of recordings: the first byte selects the layout; each further line is a file's path, and its last character selects the
/// content.
/// </summary>
internal sealed class ListingTarget() : FuzzTarget("listing", typeof(CorpusException))
{
    private const int MaxFiles = 8;
    private const int MaxNameLength = 80;

    private static readonly byte[][] Contents =
    [
        WaveFile.ToBytes(new AudioClip([0, 0.5f], 8000)), WaveFile.ToBytes(new AudioClip([0.5f, 0], 8000)),
        WaveFile.ToBytes(new AudioClip([0.25f, 0], 16000)), [], "RIFF    WAVE"u8.ToArray(),
    ];

    public override IEnumerable<byte[]> Seeds()
    {
        yield return Encoding.UTF8.GetBytes("0a_1.wav0\na_2.wav1\nb(1)_1.wav2\nb(1)_2.wav3\nx.txt3");
        yield return Encoding.UTF8.GetBytes("1phone a/kitchen.wav0\nphone b/phone b_Kitchen.WAV1\nphone b/hall.sph2\n.hidden/x.wav0");
        yield return Encoding.UTF8.GetBytes("2TRAIN/DR1/FCJF0/SA1.WAV0\nTRAIN/dr2/MABC0/SA1.WAV1\nTEST/DR8/MABC0/SI1.WAV.wav4");
        yield return Encoding.UTF8.GetBytes("3huwei_honor8(1)_1.wav0\niphone6_2.wav1");
    }

    protected override void Read(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var folder = Path.Combine(Scratch.Folder, "corpus");
        Directory.CreateDirectory(folder);
        try
        {
            foreach (var line in text[Math.Min(1, text.Length)..].Split('\n').Take(MaxFiles))
                MakeFile(folder, line);
            Check(text.FirstOrDefault() switch
            {
                '0' => CcnuMobile.Open(folder),
                '1' => DeviceFolders.Open(folder),
                '2' => Timit.Open(folder),
                _ => CorpusFinder.Open(folder, folder, new SimulatedCorpusOptions()),
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void MakeFile(string folder, string line)
    {
        if (line.Length < 2)
            return;
        var parts = line[..^1].Replace('\0', '_').Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part is not ("." or ".."))
            .Select(part => part[..Math.Min(part.Length, MaxNameLength)]).ToArray();
        var path = Path.Combine([folder, .. parts]);
        // An existing file cannot become a folder, nor an existing folder a file.
        if (parts.Length == 0 || Directory.Exists(path)
            || Enumerable.Range(1, parts.Length - 1).Any(n => File.Exists(Path.Combine([folder, .. parts[..n]]))))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Contents[(line[^1] + 2) % Contents.Length]);
    }

    /// <summary>The splits; none if a device would have no training recording, which is a documented error and not a defect.</summary>
    private static IReadOnlyList<Split> Splits(Corpus corpus)
    {
        try
        {
            return Folds.LeaveOneSentenceOut(corpus);
        }
        catch (CorpusException)
        {
            return [];
        }
    }

    private static void Check(Corpus corpus)
    {
        Require(corpus.Recordings.Count > 0 && corpus.Devices.Count > 0, "an empty corpus was opened");
        foreach (var device in corpus.Devices)
            Require(DeviceName.Parse(device).Unit > 0, $"'{device}' has no unit");
        Require(ContrastingDevices.ChooseFour(corpus).Count is > 0 and <= 4, "no devices to contrast");
        _ = MetadataCheck.Warnings(corpus);
        foreach (var split in Splits(corpus))
            Require(!split.Train.Recordings.Select(r => r.Hash).Intersect(split.Test.Recordings.Select(r => r.Hash)).Any(),
                "a split leaks");
    }
}
