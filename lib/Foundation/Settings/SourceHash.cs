using System.Reflection;
using System.Reflection.Emit;
using System.Text;

namespace DeviceId.Foundation;

/// <summary>
/// Hashes what a custom part does: its text as written in the cell, and the compiled code of the user's own classes and functions that it
/// uses.
/// </summary>
/// <remarks>Code of .NET, of packages and of this library is not hashed: their versions are recorded elsewhere.</remarks>
internal static class SourceHash
{
    private const BindingFlags Members =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodeOf = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The hash, 16 hexadecimal digits.</summary>
    /// <param name="part">The custom function.</param>
    /// <param name="text">
    /// Its source text, supplied by the compiler (<see cref="System.Runtime.CompilerServices.CallerArgumentExpressionAttribute"/>).
    /// </param>
    public static string Compute(Delegate part, string text)
    {
        var code = new StringBuilder(string.Join('\n', text.Split('\n').Select(line => line.Trim())));
        var pending = new Queue<MethodBase>([part.Method]);
        var seen = new HashSet<MethodBase> { part.Method };
        while (pending.TryDequeue(out var method))
        {
            code.Append('\n').Append(method.DeclaringType?.Name).Append('.').Append(method.Name);
            foreach (var used in Append(code, method).Where(IsUserCode).SelectMany(MethodsOf))
                if (seen.Add(used))
                    pending.Enqueue(used);
        }

        return ContentHash.HashText(code.ToString())[..16];
    }

    /// <summary>
    /// Appends the instructions with member names in place of metadata tokens, which differ from cell to cell, and returns the members that
    /// they name.
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

    private static bool IsUserCode(MemberInfo member)
    {
        var assembly = (member as Type ?? member.DeclaringType ?? typeof(object)).Assembly;
        // A cell is compiled in memory; installed assemblies are files.
        return assembly != typeof(SourceHash).Assembly && (assembly.IsDynamic || assembly.Location.Length == 0);
    }

    /// <summary>The method that is called, or all methods of a type that is constructed or named.</summary>
    private static IEnumerable<MethodBase> MethodsOf(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => MethodsOfType(constructor.DeclaringType!),
        MethodBase called => [called],
        Type named => MethodsOfType(named),
        _ => [],
    };

    private static IEnumerable<MethodBase> MethodsOfType(Type type) =>
        type.GetMethods(Members).Cast<MethodBase>().Concat(type.GetConstructors(Members));
}
