using System.Security.Cryptography;
using DeviceId.Experiments;

namespace DeviceId.Fuzz;

/// <summary>Scores of a trial: header and compressed bytes are the input, read with the correct checksum appended, and without.</summary>
internal sealed class ScoresTarget() : FuzzTarget("scores", typeof(InvalidDataException))
{
    private const string FileName = "trial.scores";

    public override IEnumerable<byte[]> Seeds()
    {
        TrialScores[] scores =
        [
            new(true, new Dictionary<string, float[][]> { ["deep"] = [[-0.25f, -1.5f]], ["spatial"] = [[TrialScores.LogFloor, 0]] }),
            new(false, new Dictionary<string, float[][]> { ["deep"] = [[1], [-70000], [0.1f]] }),
        ];
        foreach (var trial in scores)
        {
            var path = Path.Combine(Scratch.Folder, FileName);
            TrialScoresFile.Write(path, trial);
            yield return File.ReadAllBytes(path)[..^SHA256.HashSizeInBytes];
        }
    }

    protected override void Read(byte[] input)
    {
        WithFile(FileName, input, path => Require(!CanBeRead(path) || HasChecksum(input), "scores without their checksum were accepted"));
        WithFile(FileName, ModelInput.Signed(input), path =>
        {
            var scores = TrialScoresFile.Read(path);
            Require(
                scores.Outputs.Values.All(rows => rows.Length == scores.Segments && rows.All(row => row.Length == scores.Devices)),
                "the outputs differ in shape");
            // Another program may have written values with more bits than ours stores: they are rounded once, and then stay.
            var rewritten = Rewrite(path, scores);
            Require(Flatten(Rewrite(path, rewritten)).SequenceEqual(Flatten(rewritten)), "the scores changed when written and read again");
        });
    }

    private static TrialScores Rewrite(string path, TrialScores scores)
    {
        TrialScoresFile.Write(path, scores);
        return TrialScoresFile.Read(path);
    }

    private static IEnumerable<float> Flatten(TrialScores scores) => scores.Outputs.Values.SelectMany(rows => rows).SelectMany(row => row);

    private static bool CanBeRead(string path)
    {
        try
        {
            return TrialScoresFile.Read(path).Segments > 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool HasChecksum(byte[] input) => input.Length >= SHA256.HashSizeInBytes
        && input.AsSpan().EndsWith(SHA256.HashData(input.AsSpan(..^SHA256.HashSizeInBytes)));
}
