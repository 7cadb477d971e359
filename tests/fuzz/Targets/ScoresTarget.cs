using System.Security.Cryptography;
using DeviceId.Experiments;

namespace DeviceId.Fuzz;

/// <summary>Scores of a trial: header and compressed bytes as they are, with the right checksum put behind them; and without it.</summary>
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
        foreach (var one in scores)
        {
            var path = Path.Combine(Scratch.Folder, FileName);
            TrialScoresFile.Write(path, one);
            yield return File.ReadAllBytes(path)[..^SHA256.HashSizeInBytes];
        }
    }

    protected override void Read(byte[] input)
    {
        WithFile(FileName, input, path => Require(!IsRead(path) || IsSigned(input), "scores without their checksum were taken"));
        WithFile(FileName, ModelInput.Signed(input), path =>
        {
            var scores = TrialScoresFile.Read(path);
            Require(
                scores.Outputs.Values.All(rows => rows.Length == scores.Segments && rows.All(row => row.Length == scores.Devices)),
                "the outputs differ in shape");
            // What another program wrote may have more bits than ours keeps: it is rounded once, and then stays.
            var again = Rewritten(path, scores);
            Require(All(Rewritten(path, again)).SequenceEqual(All(again)), "what was read is not what is read again");
        });
    }

    private static TrialScores Rewritten(string path, TrialScores scores)
    {
        TrialScoresFile.Write(path, scores);
        return TrialScoresFile.Read(path);
    }

    private static IEnumerable<float> All(TrialScores scores) => scores.Outputs.Values.SelectMany(rows => rows).SelectMany(row => row);

    private static bool IsRead(string path)
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

    private static bool IsSigned(byte[] input) => input.Length >= SHA256.HashSizeInBytes
        && input.AsSpan().EndsWith(SHA256.HashData(input.AsSpan(..^SHA256.HashSizeInBytes)));
}
