using DeviceId.Fuzz;
using SharpFuzz;

// The C# parts of tests/fuzz/run. AFL++ starts "run"; the others are steps around it.
switch (args)
{
    case ["list"]:
        foreach (var target in FuzzTargets.All)
            Console.WriteLine(target.Name);
        return 0;

    case ["instrument", .. var assemblies]:
        foreach (var assembly in assemblies)
            Instrumentation.Apply(assembly);
        return 0;

    case ["seeds", var name, var folder]:
        Directory.CreateDirectory(folder);
        foreach (var (seed, i) in FuzzTargets.Find(name).Seeds().Select((seed, i) => (seed, i)))
            File.WriteAllBytes(Path.Combine(folder, $"seed-{i}"), seed);
        return 0;

    case ["run", var name]:
        // OutOfProcess: the parent talks to AFL++, so that an input which crashes or hangs the child costs only a new child.
        FuzzTarget? fuzzed = null;
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            // Not earlier: instrumented code writes into shared memory that AFL++ provides only now.
            (fuzzed ??= FuzzTargets.Find(name)).Execute(input.ToArray());
        });

        return 0;

    case ["replay", var name, .. var files]:
        foreach (var file in files)
        {
            var isRead = FuzzTargets.Find(name).Execute(File.ReadAllBytes(file));
            Console.WriteLine($"{file}: {(isRead ? "read" : "refused: " + FuzzTargets.Find(name).Refusal)}");
        }

        return 0;


    default:
        Console.Error.WriteLine("list | instrument DLL… | seeds TARGET FOLDER | run TARGET | replay TARGET FILE…");
        return 2;
}
