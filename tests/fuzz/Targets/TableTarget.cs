using System.Text;
using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Fuzz;

/// <summary>Tables of recordings (CSV); three small recordings are in the same folder.</summary>
internal sealed class TableTarget() : FuzzTarget("table", typeof(CorpusException))
{
    private string? _folder;

    public override IEnumerable<byte[]> Seeds()
    {
        yield return Encoding.UTF8.GetBytes("file,device\na.wav,one\nb.wav,two\n");
        yield return Encoding.UTF8.GetBytes("device;session;file;speaker\n\"one\";s;\"a.wav\";x\ntwo;t;b.wav;\ntwo;s;c.wav;y\n");
    }

    protected override void Read(byte[] input)
    {
        var path = Path.Combine(CreateFolder(), "table.csv");
        File.WriteAllBytes(path, input);
        var corpus = RecordingTable.Open(path);
        Require(corpus.Recordings.Count > 0 && corpus.Recordings.All(r => r.Device.Length > 0 && r.Sentence.Length > 0),
            "a recording without device or session was listed");
    }

    private string CreateFolder()
    {
        if (_folder is not null)
            return _folder;
        _folder = Directory.CreateDirectory(Path.Combine(Scratch.Folder, "table")).FullName;
        for (var i = 0; i < 3; i++)
            WaveFile.Write(Path.Combine(_folder, $"{(char)('a' + i)}.wav"), new AudioClip([0.25f * i, 0.9f], 8000));
        return _folder;
    }
}
