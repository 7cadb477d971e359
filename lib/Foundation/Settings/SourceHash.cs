using System.Reflection;
using System.Reflection.Emit;
using System.Text;

namespace DeviceId.Foundation;

/// <summary>
/// A hash of what a custom part does: its text as written in the cell, and the compiled code of the classes and functions of one's own that
/// it uses.
/// </summary>
/// <remarks>Code of .NET, of packages and of this library is not looked at: their versions are recorded elsewhere.</remarks>
internal static class SourceHash
{
    private const BindingFlags Members =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodeOf = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The hash, 16 hexadecimal digits.</summary>
    /// <param name="part">The custom function.</param>
    /// <param name="text">
    /// Its text, as the compiler hands it over (<see cref="System.Runtime.CompilerServices.CallerArgumentExpressionAttribute"/>).
    /// </param>
    public static string Compute(Delegate part, string text)
    {
        var code = new StringBuilder(string.Join('\n', text.Split('\n').Select(line => line.Trim())));
        var left = new Queue<MethodBase>([part.Method]);
        var seen = new HashSet<MethodBase> { part.Method };
        while (left.TryDequeue(out var method))
        {
            code.Append('\n').Append(method.DeclaringType?.Name).Append('.').Append(method.Name);
            foreach (var used in Append(code, method).Where(IsOnesOwn).SelectMany(MethodsOf))
                if (seen.Add(used))
                    left.Enqueue(used);
        }

        return ContentHash.HashText(code.ToString())[..16];
    }

    /// <summary>
    /// Appends the instructions with names instead of tokens, which another cell would move, and returns the members that they name.
    /// </summary>
    private static List<MemberInfo> Append(StringBuilder code, MethodBase method)
    {
        var members = new List<MemberInfo>();
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < il.Length;)
        {
            var value = il[at] == 0xfe ? unchecked((short)((il[at] << 8) | il[at + 1])) : il[at];
            var instruction = OpCodeOf[value];
            at += instruction.Size;
            code.Append(' ').Append(instruction.Name);
            var size = OperandSize(instruction.OperandType, il, at);
            if (instruction.OperandType is OperandType.InlineString)
            {
                code.Append(' ').Append(method.Module.ResolveString(BitConverter.ToInt32(il, at)));
            }
            else if (NamesMember(instruction.OperandType))
            {
                var typeArguments = method.DeclaringType?.GetGenericArguments();
                var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
                var member = method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments);
                code.Append(' ').Append(member);
                members.Add(member!);
            }
            else if (instruction.OperandType is not OperandType.InlineSig)
            {
                code.Append(' ').Append(Convert.ToHexString(il, at, size));
            }

            at += size;
        }

        return members;
    }

    private static bool NamesMember(OperandType type) =>
        type is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType;

    private static int OperandSize(OperandType type, byte[] il, int at) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
        _ => 4,
    };

    private static bool IsOnesOwn(MemberInfo member)
    {
        var assembly = (member as Type ?? member.DeclaringType ?? typeof(object)).Assembly;
        // A cell is compiled in memory; everything that was installed lies in a file.
        return assembly != typeof(SourceHash).Assembly && (assembly.IsDynamic || assembly.Location.Length == 0);
    }

    /// <summary>A method, or all methods of a type that is made or named.</summary>
    private static IEnumerable<MethodBase> MethodsOf(MemberInfo member) => member switch
    {
        ConstructorInfo made => AllOf(made.DeclaringType!),
        MethodBase called => [called],
        Type named => AllOf(named),
        _ => [],
    };

    private static IEnumerable<MethodBase> AllOf(Type type) =>
        type.GetMethods(Members).Cast<MethodBase>().Concat(type.GetConstructors(Members));
}
