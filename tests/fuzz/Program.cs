using DeviceId.Fuzz;
using SharpFuzz;

// The parts of tests/fuzz/run that are C#. "run" is what AFL++ starts; the others are steps around it.
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
        foreach (var (seed, i) in FuzzTargets.Named(name).Seeds().Select((seed, i) => (seed, i)))
            File.WriteAllBytes(Path.Combine(folder, $"seed-{i}"), seed);
        return 0;

    case ["run", var name]:
        // OutOfProcess: the parent speaks with AFL++, so that an input which ends or halts the child costs no more than a new child.
        FuzzTarget? fuzzed = null;
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            // Not before: instrumented code writes into memory that AFL++ gives the process only now.
            (fuzzed ??= FuzzTargets.Named(name)).Execute(input.ToArray());
        });

        return 0;

    case ["replay", var name, .. var files]:
        foreach (var file in files)
            Console.WriteLine($"{file}: {(FuzzTargets.Named(name).Execute(File.ReadAllBytes(file)) ? "read" : "refused: " + FuzzTargets.Named(name).Refusal)}");
        return 0;


    default:
        Console.Error.WriteLine("list | instrument DLL… | seeds TARGET FOLDER | run TARGET | replay TARGET FILE…");
        return 2;
}
