using System.Text.Json.Nodes;
using DeviceId.Benchmarks;
using DeviceId.Foundation;
using TorchSharp;

// dotnet run --project tests/benchmarks [-- [names…] [--rounds N] [--threads N]]
var rounds = Option("--rounds", 7);
var threads = Option("--threads", 2);
var names = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal)
    && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal))).ToArray();
ComputeDevice.Load();
torch.set_num_threads(threads);
var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "deviceid-benchmarks")).FullName;
var contests = new Contests(folder, threads).All;
var alone = new Dictionary<string,
    Action<string>>
{
    ["limits"] = Limits.Print, ["step-plain"] = StepPlain.Print, ["kernels"] = KernelGains.Print,
    ["accuracy"] = ReferenceAccuracy.Print, ["identify"] = Identification.Print, ["paper-size"] = PaperSize.Print, ["parts"] = Parts.Run
};
if (names.FirstOrDefault(n => !contests.ContainsKey(n) && !alone.ContainsKey(n)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; there are {string.Join(", ", contests.Keys.Concat(alone.Keys))}.");
    return 2;
}

var chosen = names.Length > 0 ? names : [.. contests.Keys, "step-plain", "limits", "identify"];
using var peer = chosen.Any(contests.ContainsKey) ? new Peer() : null;
var versions = "none asked for";
try
{
    if (peer is not null)
        versions = peer.Run(new JsonObject { ["work"] = "versions" }).Value!.ToJsonString();
}
catch (InvalidOperationException problem)
{
    Console.Error.WriteLine($"The peers cannot be measured: {problem.Message}. They are Debian's python3-torch, python3-torchaudio, python3-sklearn, libopenblas0-pthread.");
    return 2;
}

Console.WriteLine($"{RunEnvironment.Here(torch.CPU)}; {threads} threads; {rounds} rounds, the sides taking turns; peers: {versions}");
if (chosen.Any(contests.ContainsKey))
{
    Console.WriteLine("| work | opponent at its best | ours (s) | theirs (s) | ratio: median (least to greatest) | target |");
    Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
}

foreach (var name in chosen.Where(contests.ContainsKey))
{
    try
    {
        Console.WriteLine(Match.Play(contests[name](), peer!, rounds).Row());
    }
    catch (InvalidOperationException problem)
    {
        Console.WriteLine($"| {name} | not measured: {problem.Message} | | | | |");
    }
}

if (chosen.Any(contests.ContainsKey))
    Console.WriteLine("| the paper's training on a GPU, against PyTorch on the same | | not measured: no CUDA machine was at hand | | | |");
foreach (var name in chosen.Where(alone.ContainsKey))
    alone[name](folder);
return 0;

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], out var value) && value > 0
    ? value : otherwise;
